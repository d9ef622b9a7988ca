CREATE OR REPLACE FUNCTION api.finish_session(token text, person bigint) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH done AS (
        UPDATE people_staffsession SET complete = true, started_at = api.clock_now(),
            used_at = api.clock_now()
        WHERE token_hash = sha256(convert_to(token, 'UTF8')) AND person_id = person
          AND started_at > api.clock_now() - interval '15 minutes'
        RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM done)
$$;

GRANT EXECUTE ON FUNCTION api.finish_session TO upstander_signin;
