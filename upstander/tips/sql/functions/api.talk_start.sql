CREATE OR REPLACE FUNCTION api.talk_start(p_lookup bytea, p_talk bytea,
    p_seed bytea) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH old AS (DELETE FROM tips_talk WHERE ends_at < api.clock_now()),
    made AS (INSERT INTO tips_talk (token_hash, tip_id, district_id, sealed_seed, ends_at)
        SELECT p_talk, c.tip_id, c.district_id, p_seed,
               date_trunc('minute', api.clock_now()) + interval '31 minutes'
        FROM tips_returncode c WHERE c.lookup_id = p_lookup RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM made)
$$;

GRANT EXECUTE ON FUNCTION api.talk_start TO upstander_public;
