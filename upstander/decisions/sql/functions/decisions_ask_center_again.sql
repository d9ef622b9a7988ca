-- A tip that comes back (a school sends it back, or its reporter writes on after it was closed) is
-- the center's again: its own alert is open once more, and all of its policy's clock runs from now.
-- A trigger, because whoever moves the tip (a school, a reporter) has no right on that alert.
CREATE OR REPLACE FUNCTION decisions_ask_center_again() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM escalations_tell(p_subject => NEW.id, p_kind => 'returned',
        p_at => date_trunc('second', api.clock_now()), p_priority => NEW.priority);
    RETURN NULL;
END $$;
