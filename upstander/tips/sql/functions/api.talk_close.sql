CREATE OR REPLACE FUNCTION api.talk_close(p_talk bytea) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM tips_talk WHERE token_hash = p_talk
$$;

GRANT EXECUTE ON FUNCTION api.talk_close TO upstander_public;
