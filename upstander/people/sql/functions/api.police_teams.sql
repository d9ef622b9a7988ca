-- Teams of officers that the session's person is in.
CREATE OR REPLACE FUNCTION api.police_teams() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.id), '{}') FROM people_posts() m
    JOIN people_team t ON t.id = m.team_id AND t.kind = 'police'
$$;

GRANT EXECUTE ON FUNCTION api.police_teams TO upstander_police;
