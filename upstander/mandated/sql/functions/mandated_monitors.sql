-- Who watches over a district from outside now; over an agency of advocates nobody.
CREATE OR REPLACE FUNCTION mandated_monitors(p_district bigint) RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ARRAY(SELECT DISTINCT m.person_id FROM people_membership m
        JOIN people_team t ON t.id = m.team_id AND t.kind = 'monitor'
        WHERE t.district_id = p_district AND (m.until IS NULL OR m.until > api.clock_now())
          AND NOT EXISTS (SELECT 1 FROM places_district d JOIN places_center c
            ON c.id = d.center_id WHERE d.id = p_district AND c.advocates
              AND NOT EXISTS (SELECT 1 FROM places_school s WHERE s.district_id = d.id)))
$$;
