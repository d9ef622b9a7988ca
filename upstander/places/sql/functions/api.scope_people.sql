-- Colleagues: staff of the districts and centers within view.
CREATE OR REPLACE FUNCTION api.scope_people() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT m.person_id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id
    WHERE api.scope_person() IS NOT NULL AND (
        t.district_id = ANY (api.scope_districts())
        OR t.center_id IN (SELECT center_id FROM places_district
                           WHERE id = ANY (api.scope_districts()))
        OR EXISTS (SELECT 1 FROM places_membership a JOIN places_team at ON at.id = a.team_id
                   WHERE a.person_id = api.scope_person() AND at.kind = 'administration'))
$$;

GRANT EXECUTE ON FUNCTION api.scope_people
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
