-- Teams whose plan the session's person sets up.
CREATE OR REPLACE FUNCTION api.oncall_kept() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(t.id), '{}') FROM people_team t
    WHERE t.id = ANY (api.scope_led_teams()) OR api.scope_is_admin()
$$;

GRANT EXECUTE ON FUNCTION api.oncall_kept
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
