-- Whether somebody is of the center that serves a district.
CREATE OR REPLACE FUNCTION mandated_at_center(p_person bigint, p_district bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM people_membership m
        JOIN people_team t ON t.id = m.team_id AND t.kind = 'center'
        JOIN places_district d ON d.center_id = t.center_id AND d.id = p_district
        WHERE m.person_id = p_person)
$$;
