CREATE OR REPLACE FUNCTION api.end_session(token text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM people_staffsession WHERE token_hash = sha256(convert_to(token, 'UTF8'))
$$;

GRANT EXECUTE ON FUNCTION api.end_session TO upstander_signin;
