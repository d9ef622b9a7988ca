CREATE OR REPLACE FUNCTION api.talk_attach(p_talk bytea, p_attachment uuid,
    p_sealed bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip uuid;
BEGIN
    -- What is confirmed to a reporter is on disk, whatever the server's or the role's default.
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT k.tip_id INTO of_tip FROM tips_talk k
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now();
    IF of_tip IS NULL THEN
        RETURN false;
    END IF;
    RETURN tips_attach(p_tip => of_tip, p_attachment => p_attachment, p_sealed => p_sealed,
        p_to_inbox => false);
END $$;

GRANT EXECUTE ON FUNCTION api.talk_attach TO upstander_public;
