-- Every district within the session's person's view, whatever their role. Belonging to a district's
-- police, or watching a district as its monitor, gives no view of the district.
CREATE OR REPLACE FUNCTION api.scope_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT d.id), '{}') FROM people_posts() m
    JOIN people_team t ON t.id = m.team_id AND t.kind NOT IN ('police', 'monitor')
    JOIN places_district d ON d.id = t.district_id OR d.center_id = t.center_id
        OR t.kind = 'administration'
$$;

GRANT EXECUTE ON FUNCTION api.scope_districts
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
