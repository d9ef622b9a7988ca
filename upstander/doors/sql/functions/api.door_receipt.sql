-- What a provider says of a text to a reporter. What is final stays; STOP is noted on its thread.
-- What did not arrive takes the rest of its words along: half a reply says something else.
CREATE OR REPLACE FUNCTION api.door_receipt(p_order uuid, p_provider text, p_ref text, p_state text,
    p_stopped boolean) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    one record;
BEGIN
    SELECT o.id, o.thread_id, o.message_id, o.part, o.state INTO one FROM doors_textorder o
        WHERE o.key = p_order AND o.provider = p_provider AND (o.ref = p_ref OR o.ref = '')
        FOR UPDATE;
    IF one.id IS NULL THEN
        RETURN false;
    END IF;
    IF one.state <> 'sent' AND one.state <> 'due' THEN
        RETURN true;
    END IF;
    IF p_state = 'delivered' OR p_state = 'failed' THEN
        UPDATE doors_textorder SET state = CASE WHEN p_stopped THEN 'stopped' ELSE p_state END,
            sealed = NULL, due_at = NULL, ref = p_ref WHERE id = one.id;
        IF p_state = 'failed' THEN
            UPDATE doors_textorder SET state = CASE WHEN p_stopped THEN 'stopped' ELSE p_state END,
                sealed = NULL, due_at = NULL
                WHERE thread_id = one.thread_id AND state = 'due'
                  AND (message_id = one.message_id OR p_stopped);
        END IF;
        UPDATE doors_textorder SET due_at = least(due_at, now_)
            WHERE thread_id = one.thread_id AND state = 'due';
        PERFORM doors_copy(p_provider => p_provider, p_ref => 'Messages/' || p_ref);
    END IF;
    IF p_stopped THEN
        UPDATE doors_thread SET stopped_at = coalesce(stopped_at, now_) WHERE id = one.thread_id;
    END IF;
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.door_receipt TO upstander_public;
