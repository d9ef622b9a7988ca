-- Somebody pressed 1: the first has the call, and its tip with it. Returns 'taken'; 'late' (another
-- was first, or they are rung no more); 'over'. Pressed twice it says the same again. p_room: the
-- name that a room gets, which is new for each counselor, so that whoever had it before is led out.
CREATE OR REPLACE FUNCTION api.door_take(p_leg uuid, p_provider text, p_room text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    one record;
    leg record;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT c.* INTO one FROM doors_call c WHERE c.id = (SELECT g.call_id FROM doors_leg g
        WHERE g.id = p_leg AND g.provider = p_provider) FOR UPDATE;
    SELECT g.* INTO leg FROM doors_leg g WHERE g.id = p_leg;
    IF one.id IS NULL OR one.ended_at IS NOT NULL THEN
        RETURN 'over';
    END IF;
    IF one.ear = p_leg AND leg.state <> 'over' THEN
        RETURN 'taken';
    END IF;
    IF leg.state = 'over' OR leg.how <> '' OR leg.kind NOT IN ('ear', 'fallback') OR NOT (
        one.state = 'waiting' OR (one.state = 'calling' AND one.ear IS NULL)
        OR (one.state IN ('talking', 'held') AND leg.person_id IS NOT NULL
            AND leg.person_id IS NOT DISTINCT FROM one.moving_to)) THEN
        UPDATE doors_leg SET how = 'late' WHERE id = p_leg;
        RETURN 'late';
    END IF;
    -- The wish was settled, or its day ended, since their phone began to ring: nobody is called.
    IF one.state = 'calling' AND NOT EXISTS (SELECT 1 FROM doors_callback b
        WHERE b.tip_id = one.tip_id AND b.ended_at IS NULL) THEN
        PERFORM doors_call_over(p_call => one.id);
        RETURN 'over';
    END IF;
    -- Whoever left the center, or may not see the tip any more, since their phone began to ring.
    IF leg.kind = 'ear' AND NOT EXISTS (SELECT 1 FROM people_membership m
        JOIN people_team t ON t.id = m.team_id JOIN people_person p ON p.id = m.person_id
        WHERE m.person_id = leg.person_id AND p.is_active AND t.kind = 'center'
          AND t.center_id = one.center_id) THEN
        RETURN 'late';
    END IF;
    UPDATE doors_call SET state = CASE WHEN one.state = 'calling' THEN 'calling' ELSE 'talking' END,
        room = p_room, ear = p_leg, taken_by = leg.person_id, taken_at = now_, moving_to = NULL,
        waits_since = NULL, held_at = NULL, todo = CASE WHEN one.state = 'calling' THEN 'dial'
            ELSE 'move' END, due_at = now_
        WHERE id = one.id;
    IF one.state = 'calling' THEN
        UPDATE doors_callback SET rung = rung + 1
            WHERE tip_id = one.tip_id AND ended_at IS NULL;
    END IF;
    UPDATE doors_leg SET state = 'joined', todo = '', due_at = NULL WHERE id = p_leg;
    -- What rings besides is hung up; who talked before is told; who was asked in comes along.
    UPDATE doors_leg SET todo = CASE WHEN state = 'joined' THEN 'move' ELSE 'end' END, due_at = now_
        WHERE call_id = one.id AND id <> p_leg AND state <> 'over'
          AND (kind IN ('ear', 'fallback') OR state = 'joined');
    IF NOT one.back THEN
        PERFORM tips_talked(p_tip => one.tip_id, p_heard => leg.person_id IS NOT NULL);
    END IF;
    -- Who talks with the reporter has the tip, and its alert; what somebody else has stays theirs.
    IF leg.person_id IS NOT NULL AND NOT one.back THEN
        UPDATE doors_call SET news = tips_claim(p_tip => one.tip_id, p_person => leg.person_id)
            OR EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = one.tip_id
                AND t.state = 'claimed' AND t.claimed_by = leg.person_id) WHERE id = one.id;
    END IF;
    PERFORM doors_call_record(p_tip => one.tip_id, p_action => CASE WHEN leg.person_id IS NULL
        THEN 'call taken at the own phone' ELSE 'call taken' END,
        p_person => leg.person_id);
    PERFORM pg_notify('due', '');
    PERFORM pg_notify('tips', one.tip_id::text);
    RETURN 'taken';
END $$;

GRANT EXECUTE ON FUNCTION api.door_take TO upstander_public;
