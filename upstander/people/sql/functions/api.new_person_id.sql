CREATE OR REPLACE FUNCTION api.new_person_id() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT nextval(pg_get_serial_sequence('people_person', 'id'))
$$;

GRANT EXECUTE ON FUNCTION api.new_person_id TO upstander_signin;
