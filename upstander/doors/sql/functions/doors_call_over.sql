-- A call has ended. Whoever is in it is led to a document that says so, whoever rings for it is
-- hung up, and what the provider keeps of it is to be deleted there. Who hung up within ten
-- seconds, before they pressed anything and before anybody came in, is shown as that, and rings
-- nobody. Of a call back the wish ends where the two have talked for half a minute: else a phone
-- may have dropped, and they can be rung again, four times in all.
CREATE OR REPLACE FUNCTION doors_call_over(p_call uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    one record;
BEGIN
    SELECT c.* INTO one FROM doors_call c WHERE c.id = p_call FOR UPDATE;
    IF one.id IS NULL OR one.ended_at IS NOT NULL THEN
        RETURN;
    END IF;
    UPDATE doors_call SET state = 'over', ended_at = now_, waits_since = NULL, held = NULL,
        number = NULL, room = '', due_at = now_,
        todo = CASE WHEN one.back AND one.state = 'calling' AND sid IS NOT NULL THEN 'end'
            ELSE '' END WHERE id = p_call;
    -- Whoever had it has a clock of their own from now on.
    UPDATE doors_call SET news = true WHERE id = p_call AND taken_by IS NOT NULL;
    UPDATE doors_leg SET todo = CASE WHEN sid IS NULL THEN '' WHEN state = 'joined' THEN 'move'
            ELSE 'end' END,
        state = CASE WHEN sid IS NULL AND state <> 'joined' THEN 'over' ELSE state END,
        due_at = now_ WHERE call_id = p_call AND state <> 'over';
    IF one.back AND one.met_at <= now_ - interval '30 seconds' THEN
        PERFORM doors_wish_ends(p_tip => one.tip_id, p_how => 'talked');
    ELSIF one.back AND EXISTS (SELECT 1 FROM doors_callback b
        WHERE b.tip_id = one.tip_id AND b.rung >= 4) THEN
        PERFORM doors_wish_ends(p_tip => one.tip_id, p_how => 'unreached');
    ELSIF one.back AND one.met_at IS NOT NULL THEN
        UPDATE doors_callback SET how = 'dropped'
            WHERE tip_id = one.tip_id AND ended_at IS NULL;
    END IF;
    IF NOT one.back AND NOT one.keyed AND one.taken_at IS NULL
        AND api.clock_now() <= one.begun_at + interval '10 seconds' THEN
        PERFORM tips_hung_up(p_tip => one.tip_id);
        PERFORM doors_call_record(p_tip => one.tip_id, p_action => 'caller hung up at once',
            p_person => NULL);
        UPDATE doors_call SET news = true WHERE id = p_call;
    END IF;
    PERFORM pg_notify('due', '');
    PERFORM pg_notify('tips', one.tip_id::text);
END $$;
