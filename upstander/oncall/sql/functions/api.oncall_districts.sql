-- Districts and centers whose calendar and hours the session's person keeps.
CREATE OR REPLACE FUNCTION api.oncall_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(d.id), '{}') FROM places_district d
    WHERE api.scope_is_admin() OR d.id = ANY (api.lead_districts())
$$;

GRANT EXECUTE ON FUNCTION api.oncall_districts
    TO upstander_admin, upstander_center, upstander_district, upstander_school;
