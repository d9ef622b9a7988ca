-- When and where (here or elsewhere) the token's person is signed in; no address is kept.
CREATE OR REPLACE FUNCTION api.own_sessions(token text)
    RETURNS TABLE (started_at timestamptz, used_at timestamptz, here boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.started_at, s.used_at, s.token_hash = mine.token_hash
    FROM people_staffsession mine JOIN people_staffsession s ON s.person_id = mine.person_id
    WHERE mine.token_hash = sha256(convert_to(token, 'UTF8')) AND s.complete
      AND people_session_ends(s.started_at, s.used_at) > api.clock_now()
$$;

GRANT EXECUTE ON FUNCTION api.own_sessions TO upstander_signin;
