-- Colleagues: staff of the districts and centers within view. Whose view it is is looked up once,
-- not for each member of staff.
CREATE OR REPLACE FUNCTION api.scope_people() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT m.person_id), '{}') FROM people_membership m
    JOIN people_team t ON t.id = m.team_id
    WHERE (SELECT api.scope_person()) IS NOT NULL AND (
        t.district_id = ANY ((SELECT api.scope_districts())::bigint[])
        OR t.center_id IN (SELECT center_id FROM places_district
                           WHERE id = ANY ((SELECT api.scope_districts())::bigint[]))
        OR EXISTS (SELECT 1 FROM people_posts() a JOIN people_team at ON at.id = a.team_id
                   WHERE at.kind = 'administration'))
$$;

GRANT EXECUTE ON FUNCTION api.scope_people
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
