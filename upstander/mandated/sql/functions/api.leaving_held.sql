-- Whether somebody's account is shut by two: they have open reports. Said alike to every
-- administrator, also to one from whom such a report is kept: by this page they could tell that it
-- is.
CREATE OR REPLACE FUNCTION api.leaving_held(p_person bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT api.scope_is_admin() AND api.scope_person() <> p_person
       AND EXISTS (SELECT 1 FROM mandated_open_of(p_person => p_person))
$$;

GRANT EXECUTE ON FUNCTION api.leaving_held TO upstander_admin;
