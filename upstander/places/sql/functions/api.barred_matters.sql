-- Matters that the session's person must not see.
CREATE OR REPLACE FUNCTION api.barred_matters() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(b.matter_id), '{}') FROM places_matterbar b
    WHERE b.person_mac = api.scope_mac()
$$;

GRANT EXECUTE ON FUNCTION api.barred_matters
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_police, upstander_school;
