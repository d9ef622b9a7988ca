CREATE OR REPLACE FUNCTION api.scope_led_teams() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(m.team_id), '{}') FROM people_posts() m
    WHERE m.role = ANY (people_leading_roles())
$$;

GRANT EXECUTE ON FUNCTION api.scope_led_teams
    TO upstander_admin, upstander_center, upstander_district, upstander_police, upstander_school;
