-- A caller who was left, cut off or put on hold wishes to talk with somebody, or has been on hold
-- for too long: phones ring for them anew. Whoever held them is told, and rung like the others.
CREATE OR REPLACE FUNCTION api.door_call_again(p_call uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    one record;
BEGIN
    SELECT c.tip_id, c.state INTO one FROM doors_call c
        WHERE c.id = p_call AND c.state IN ('after', 'held') FOR UPDATE;
    IF one.tip_id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE doors_call SET state = 'waiting', waits_since = now_, room = '', ear = NULL,
        taken_by = NULL, moving_to = NULL, held_at = NULL, news = true WHERE id = p_call;
    PERFORM tips_calls_again(p_tip => one.tip_id, p_at => now_);
    IF one.state = 'held' THEN
        UPDATE doors_leg SET todo = 'move', due_at = now_
            WHERE call_id = p_call AND state = 'joined' AND sid IS NOT NULL;
        PERFORM doors_call_record(p_tip => one.tip_id, p_action => 'caller left the hold',
            p_person => NULL);
    END IF;
    PERFORM pg_notify('due', '');
    PERFORM pg_notify('tips', one.tip_id::text);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.door_call_again TO upstander_public;
