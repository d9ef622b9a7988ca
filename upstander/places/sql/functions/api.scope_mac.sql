CREATE OR REPLACE FUNCTION api.scope_mac() RETURNS bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.person_mac FROM places_staffsession s
    WHERE s.token_hash = sha256(convert_to(nullif(current_setting('upstander.token', true), ''),
        'UTF8'))
      AND s.person_id = api.scope_person()
$$;

GRANT EXECUTE ON FUNCTION api.scope_mac
    TO upstander_admin, upstander_center, upstander_district, upstander_former, upstander_monitor,
        upstander_police, upstander_school;
