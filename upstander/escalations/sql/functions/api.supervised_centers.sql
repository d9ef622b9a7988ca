CREATE OR REPLACE FUNCTION api.supervised_centers() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.center_id), '{}') FROM people_posts() m
    JOIN people_team t ON t.id = m.team_id AND t.kind = 'center'
    WHERE m.role = 'center_supervisor'
$$;

GRANT EXECUTE ON FUNCTION api.supervised_centers TO upstander_center;
