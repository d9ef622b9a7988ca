-- Whoever is in their conversation on the website (p_talk: its session) asks to be called
-- (doors_wish); that they did is a turn of it. Returns 'kept', also of the same form sent twice;
-- 'before' of one whose wish (p_wish) has ended or given way to another: what a browser sends again
-- rings nobody, and who is told "kept" is called at what stands there; 'often'; 'over' where there
-- is no such session.
CREATE OR REPLACE FUNCTION api.door_wish(p_talk bytea, p_wish uuid, p_line text, p_provider text,
    p_language text, p_number bytea, p_message uuid, p_sealed bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip uuid;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT k.tip_id INTO of_tip FROM tips_talk k
        WHERE k.token_hash = p_talk AND k.ends_at > api.clock_now();
    IF of_tip IS NULL THEN
        RETURN 'over';
    END IF;
    -- A phone that rings for what they said before is hung up: it may be in a wrong hand. Calls
    -- first, as everybody locks.
    PERFORM doors_call_over(p_call => c.id) FROM doors_call c
        WHERE c.tip_id = of_tip AND c.back AND c.state = 'calling' AND c.ended_at IS NULL
          AND NOT EXISTS (SELECT 1 FROM tips_message m WHERE m.id = p_message);
    -- Of two forms at once the second finds what the first kept.
    PERFORM t.id FROM tips_tip t WHERE t.id = of_tip FOR UPDATE;
    IF EXISTS (SELECT 1 FROM tips_message m WHERE m.id = p_message AND m.tip_id = of_tip) THEN
        RETURN CASE WHEN EXISTS (SELECT 1 FROM doors_callback b WHERE b.tip_id = of_tip
            AND b.id = p_wish AND b.ended_at IS NULL) THEN 'kept' ELSE 'before' END;
    END IF;
    IF NOT doors_wish(p_tip => of_tip, p_wish => p_wish, p_line => p_line,
        p_provider => p_provider, p_language => p_language, p_number => p_number) THEN
        RETURN 'often';
    END IF;
    PERFORM tips_add(p_tip => of_tip, p_message => p_message, p_kind => 'text',
        p_sealed => p_sealed, p_to_inbox => false);
    RETURN 'kept';
END $$;

GRANT EXECUTE ON FUNCTION api.door_wish TO upstander_public;
