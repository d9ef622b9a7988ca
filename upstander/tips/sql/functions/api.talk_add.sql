CREATE OR REPLACE FUNCTION api.talk_add(p_talk bytea, p_message uuid, p_kind text, p_sealed bytea)
    RETURNS timestamptz
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip uuid;
BEGIN
    -- What is confirmed to a reporter is on disk, whatever the server's or the role's default.
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT k.tip_id INTO of_tip FROM tips_talk k
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now();
    IF of_tip IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN tips_add(p_tip => of_tip, p_message => p_message, p_kind => p_kind,
        p_sealed => p_sealed, p_to_inbox => false);
END $$;

GRANT EXECUTE ON FUNCTION api.talk_add TO upstander_public;
