CREATE OR REPLACE FUNCTION api.oncall_centers() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(c.id), '{}') FROM places_center c
    WHERE api.scope_is_admin() OR c.id IN (
        SELECT t.center_id FROM people_team t
        WHERE t.kind = 'center' AND t.id = ANY (api.scope_led_teams()))
$$;

GRANT EXECUTE ON FUNCTION api.oncall_centers
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
