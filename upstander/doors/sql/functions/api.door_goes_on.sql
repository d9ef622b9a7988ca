-- A caller has opened an earlier report by its code (p_talk: the session of it): what the call was
-- filed as goes on there, and that they called is a turn of it, which wakes whoever has it.
CREATE OR REPLACE FUNCTION api.door_goes_on(p_talk bytea, p_tip uuid, p_inbox bytea, p_message uuid,
    p_sealed bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    earlier uuid;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT k.tip_id INTO earlier FROM tips_talk k
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now();
    IF earlier IS NULL OR length(p_inbox) NOT BETWEEN 32 AND 4000
        OR NOT tips_goes_on(p_tip => p_tip, p_to => earlier, p_inbox => p_inbox) THEN
        RETURN false;
    END IF;
    RETURN tips_add(p_tip => earlier, p_message => p_message, p_kind => 'text',
        p_sealed => p_sealed, p_to_inbox => false) IS NOT NULL;
END $$;

GRANT EXECUTE ON FUNCTION api.door_goes_on TO upstander_public;
