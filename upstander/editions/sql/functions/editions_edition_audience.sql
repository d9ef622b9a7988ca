-- As whom the session's person reads what is published of a district, or of one of its schools (0:
-- of all of it); NULL: as nobody. Somebody in teams of two kinds reads as what they act as, since
-- what they may count goes by that.
CREATE OR REPLACE FUNCTION editions_edition_audience(p_district bigint,
    p_school bigint) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT min(CASE s.kind WHEN 'school' THEN 'school:' || t.school_id ELSE s.kind END)
    FROM people_staffsession s
    JOIN people_posts() m ON m.person_id = s.person_id
    JOIN people_team t ON t.id = m.team_id AND t.kind = s.kind
    JOIN places_district d ON d.id = p_district
    WHERE s.token_hash = people_token_hash()
      AND s.person_id = api.scope_person()
      AND (s.kind, m.role, p_school) IN (('center', 'center_supervisor', 0),
          ('district', 'district_lead', 0), ('school', 'team_lead', t.school_id))
      AND CASE s.kind WHEN 'center' THEN t.center_id = d.center_id ELSE t.district_id = d.id END
$$;
