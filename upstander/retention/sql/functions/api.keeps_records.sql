-- Whether the session's person keeps records at all; the active_roles are shared with others.
CREATE OR REPLACE FUNCTION api.keeps_records() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM people_posts() m
        WHERE m.role IN ('center_supervisor', 'district_lead', 'administrator'))
$$;

GRANT EXECUTE ON FUNCTION api.keeps_records
    TO upstander_admin, upstander_center, upstander_district;
