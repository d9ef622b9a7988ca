-- By which code things may have been granted to the session's person by name. None of somebody who
-- has left: what they made themselves is theirs by another name.
CREATE OR REPLACE FUNCTION api.scope_code() RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT api.scope_mac() WHERE NOT people_by_way_in()
$$;

GRANT EXECUTE ON FUNCTION api.scope_code
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_police, upstander_school;
