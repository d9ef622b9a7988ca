-- As whom the session's person may read what is published of a district, or of one of its schools:
-- as whoever publishes there (editions_edition_audience), and a superintendent what the district's
-- leads read, of all of it. They see no rows, so they count and publish nothing; and as they see
-- none, nothing can be taken from what they read: they read the same whether or not they are
-- excluded from a matter, which an edition that is missing would tell them. Whoever leads the
-- district too reads as that, so that two editions of theirs can't be compared.
CREATE OR REPLACE FUNCTION editions_edition_reader(p_district bigint,
    p_school bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(editions_edition_audience(p_district => p_district, p_school => p_school), (
        SELECT min('district')
        FROM people_staffsession s
        JOIN people_posts() m ON m.person_id = s.person_id AND m.role = 'superintendent'
        JOIN people_team t ON t.id = m.team_id AND t.kind = s.kind
        WHERE s.token_hash = people_token_hash()
          AND s.person_id = api.scope_person()
          AND s.kind = 'office' AND p_school = 0
          AND t.district_id = p_district AND t.school_id IS NULL
          AND NOT EXISTS (
              SELECT 1 FROM people_membership l JOIN people_team o ON o.id = l.team_id
              WHERE l.person_id = s.person_id AND l.role = 'district_lead'
                AND o.kind = 'district' AND o.district_id = p_district)))
$$;
