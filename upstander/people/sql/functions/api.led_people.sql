-- Those in a team that the session's person leads, as an approval names them (`person:7`).
CREATE OR REPLACE FUNCTION api.led_people() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT 'person:' || m.person_id), '{}') FROM people_membership m
    WHERE m.team_id = ANY (api.scope_led_teams())
$$;

GRANT EXECUTE ON FUNCTION api.led_people
    TO upstander_admin, upstander_center, upstander_district, upstander_police, upstander_school;
