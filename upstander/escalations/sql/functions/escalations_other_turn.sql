-- An alert that became more or less urgent, or that a person took out of a crowd, moves with all
-- that waits for it.
CREATE OR REPLACE FUNCTION escalations_other_turn() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_ smallint := escalations_turn(p_alert => NEW);
BEGIN
    UPDATE escalations_step SET turn = now_ WHERE alert_id = NEW.id AND turn NOT IN (now_, 3)
        AND cause <> 'unread';
    UPDATE escalations_page SET turn = now_ WHERE alert_id = NEW.id AND turn NOT IN (now_, 3)
        AND cause <> 'unread' AND state = 'due';
    RETURN NULL;
END $$;
