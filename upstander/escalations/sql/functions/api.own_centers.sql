-- The centers that the session's person works for, and those that they supervise.
CREATE OR REPLACE FUNCTION api.own_centers() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.center_id), '{}') FROM people_posts() m
    JOIN people_team t ON t.id = m.team_id AND t.kind = 'center'
$$;

GRANT EXECUTE ON FUNCTION api.own_centers TO upstander_center;
