-- A leg has ended, and how: once, whoever says so first. Where it was the counselor's, the caller
-- hears the code to come back with.
CREATE OR REPLACE FUNCTION doors_leg_over(p_leg uuid, p_how text) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    one record;
BEGIN
    -- The call first, as everybody locks.
    SELECT c.* INTO one FROM doors_call c WHERE c.id = (SELECT g.call_id FROM doors_leg g
        WHERE g.id = p_leg) FOR UPDATE;
    UPDATE doors_leg SET state = 'over', ended_at = now_, todo = '', due_at = NULL,
        how = CASE WHEN how = '' THEN p_how ELSE how END
        WHERE id = p_leg AND state <> 'over';
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF one.ended_at IS NULL AND one.ear = p_leg THEN
        IF one.state = 'calling' THEN
            PERFORM doors_call_over(p_call => one.id);
        ELSE
            UPDATE doors_call SET state = 'after', room = '', ear = NULL, moving_to = NULL,
                todo = 'move', due_at = now_, news = true WHERE id = one.id;
            UPDATE doors_leg SET todo = CASE WHEN state = 'joined' AND sid IS NOT NULL THEN 'move'
                ELSE 'end' END, due_at = now_
                WHERE call_id = one.id AND state <> 'over';
        END IF;
    ELSIF one.ended_at IS NULL AND one.state = 'calling' AND one.ear IS NULL THEN
        -- Whoever wished to call back did not pick up themselves.
        PERFORM doors_call_over(p_call => one.id);
    END IF;
    UPDATE doors_call SET moving_to = NULL WHERE id = one.id AND moving_to = (SELECT g.person_id
        FROM doors_leg g WHERE g.id = p_leg);
    PERFORM pg_notify('due', '');
    PERFORM pg_notify('tips', one.tip_id::text);
END $$;
