-- The center's own phone, which the caller's leg rings by itself after three minutes: somebody
-- pressed 1 there (p_came), or the two have parted. Returns whether that is still so.
CREATE OR REPLACE FUNCTION api.door_own(p_call uuid, p_provider text, p_came boolean)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    of_tip uuid;
BEGIN
    IF p_came THEN
        UPDATE doors_call SET state = 'talking', taken_at = now_, waits_since = NULL, ear = NULL,
            room = '' WHERE id = p_call AND provider = p_provider AND state = 'waiting'
            RETURNING tip_id INTO of_tip;
        IF of_tip IS NULL THEN
            RETURN false;
        END IF;
        UPDATE doors_leg SET todo = 'end', due_at = now_
            WHERE call_id = p_call AND state <> 'over';
        PERFORM tips_talked(p_tip => of_tip, p_heard => false);
        PERFORM doors_call_record(p_tip => of_tip,
            p_action => 'call taken at the own phone', p_person => NULL);
    ELSE
        UPDATE doors_call SET state = 'after' WHERE id = p_call AND provider = p_provider
            AND state = 'talking' AND room = '' RETURNING tip_id INTO of_tip;
        IF of_tip IS NULL THEN
            RETURN false;
        END IF;
    END IF;
    PERFORM pg_notify('due', '');
    PERFORM pg_notify('tips', of_tip::text);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.door_own TO upstander_public;
