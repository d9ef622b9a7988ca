-- A later text of a phone: a turn of its conversation, once however often a provider says it.
-- Returns whether a word may be answered by itself: not one said twice, and none after twenty texts
-- within an hour, which a machine writes. p_stop: they sent STOP (true) or START (false). That is a
-- turn like any other, which wakes whoever is asked; what had not gone out by then never does.
CREATE OR REPLACE FUNCTION api.door_text(p_thread uuid, p_message uuid, p_sealed bytea,
    p_season bigint, p_mark bytea, p_stop boolean, p_provider text, p_ref text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    of_thread record;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT d.id, d.tip_id, d.first, d.line INTO of_thread FROM doors_thread d
        WHERE d.id = p_thread FOR UPDATE;
    IF of_thread.id IS NULL THEN
        RETURN NULL;
    END IF;
    IF of_thread.first = p_message OR EXISTS (SELECT 1 FROM tips_message m WHERE m.id = p_message)
    THEN
        RETURN false;
    END IF;
    IF tips_add(p_tip => of_thread.tip_id, p_message => p_message, p_kind => 'text',
        p_sealed => p_sealed, p_to_inbox => true) IS NULL THEN
        RETURN NULL;
    END IF;
    -- Two processes that had not heard of a new season alike may have begun two for one phone.
    IF NOT EXISTS (SELECT 1 FROM doors_thread d WHERE d.pseudonym = p_mark
            AND d.line = of_thread.line AND d.id <> p_thread) THEN
        UPDATE doors_thread SET season_id = p_season, pseudonym = p_mark WHERE id = p_thread;
    END IF;
    IF p_stop THEN
        UPDATE doors_textorder SET state = 'stopped', sealed = NULL, due_at = NULL
            WHERE thread_id = p_thread AND state = 'due';
    END IF;
    UPDATE doors_thread SET last_at = now_,
        stopped_at = CASE WHEN p_stop THEN coalesce(stopped_at, now_) WHEN p_stop IS NULL
            THEN stopped_at END
        WHERE id = p_thread;
    PERFORM doors_copy(p_provider => p_provider, p_ref => p_ref);
    RETURN (SELECT count(*) FROM tips_message m WHERE m.tip_id = of_thread.tip_id
        AND m.author = 'reporter' AND m.at > now_ - interval '1 hour') <= 20;
END $$;

GRANT EXECUTE ON FUNCTION api.door_text TO upstander_public;
