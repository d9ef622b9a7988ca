-- The opaque code of the session's person. It lies in no row: the desk hands it in with the token,
-- and the session's row proves it.
CREATE OR REPLACE FUNCTION api.scope_mac() RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT people_token_mac() WHERE api.scope_person() IS NOT NULL
$$;

GRANT EXECUTE ON FUNCTION api.scope_mac
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_police, upstander_school;
