-- Teams that the session's person leads: they may test these, and no others.
CREATE OR REPLACE FUNCTION api.led_teams() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(m.team_id), '{}') FROM people_posts() m
    WHERE m.role IN ('team_lead', 'center_supervisor', 'district_lead', 'administrator')
$$;

GRANT EXECUTE ON FUNCTION api.led_teams
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
