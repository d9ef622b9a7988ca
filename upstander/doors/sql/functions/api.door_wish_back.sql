-- Whoever asked to be called takes it back in their conversation (p_talk: its session): the number
-- goes, and what rings for it is hung up. False: there is no such session, or no such wish.
CREATE OR REPLACE FUNCTION api.door_wish_back(p_talk bytea, p_message uuid, p_sealed bytea)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip uuid;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT k.tip_id INTO of_tip FROM tips_talk k
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now();
    -- Calls first, as everybody locks.
    PERFORM doors_call_over(p_call => c.id) FROM doors_call c
        WHERE c.tip_id = of_tip AND c.back AND c.state = 'calling' AND c.ended_at IS NULL;
    PERFORM t.id FROM tips_tip t WHERE t.id = of_tip FOR UPDATE;
    IF of_tip IS NULL OR NOT doors_wish_ends(p_tip => of_tip, p_how => 'taken_back') THEN
        RETURN false;
    END IF;
    PERFORM tips_add(p_tip => of_tip, p_message => p_message, p_kind => 'text',
        p_sealed => p_sealed, p_to_inbox => false);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.door_wish_back TO upstander_public;
