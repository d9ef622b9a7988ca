-- Sign out everywhere: all sessions of the person whose token this is.
CREATE OR REPLACE FUNCTION api.end_all_sessions(token text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM people_staffsession WHERE person_id = (
        SELECT s.person_id FROM people_staffsession s
        WHERE s.token_hash = sha256(convert_to(token, 'UTF8')))
$$;

GRANT EXECUTE ON FUNCTION api.end_all_sessions TO upstander_signin;
