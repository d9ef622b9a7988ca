-- Whether a duty passes the session's person by, as one of a school's office: its owner doesn't
-- know who of staff it is about. Whoever is of the district's office as well, or of its center
-- (an agency of advocates), sees it as that.
CREATE OR REPLACE FUNCTION mandated_past_building(p_duty uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mandated_routing r JOIN mandated_duty d ON d.id = r.duty_id
        WHERE r.duty_id = p_duty AND r.past_building AND d.person_id <> api.scope_person()
          AND NOT mandated_at_center(api.scope_person(), d.district_id)
          AND NOT EXISTS (SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
            WHERE m.person_id = api.scope_person() AND t.kind = 'office'
              AND t.school_id IS NULL AND t.district_id = d.district_id))
$$;

GRANT EXECUTE ON FUNCTION mandated_past_building
    TO upstander_center, upstander_district, upstander_school;
