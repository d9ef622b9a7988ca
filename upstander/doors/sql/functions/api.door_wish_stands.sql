-- How the wish to be called stands, for whoever is in the conversation (p_talk: its session): since
-- when, and how it ended ('' where it has not).
CREATE OR REPLACE FUNCTION api.door_wish_stands(p_talk bytea)
    RETURNS TABLE (at timestamptz, how text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.at, b.how::text FROM doors_callback b JOIN tips_talk k ON k.tip_id = b.tip_id
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now()
$$;

GRANT EXECUTE ON FUNCTION api.door_wish_stands TO upstander_public;
