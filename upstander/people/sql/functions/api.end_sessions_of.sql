CREATE OR REPLACE FUNCTION api.end_sessions_of(person bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM people_staffsession WHERE person_id = person
$$;

GRANT EXECUTE ON FUNCTION api.end_sessions_of TO upstander_signin;
