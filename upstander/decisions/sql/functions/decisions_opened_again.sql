-- What is open again is asked about anew, and what was left undone of it when it was closed is to
-- be done again. A trigger, since a school or a reporter that opens it sees none of its tasks.
CREATE OR REPLACE FUNCTION decisions_opened_again() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM escalations_tell(p_subject => NEW.id, p_kind => 'reopened',
        p_at => date_trunc('second', api.clock_now()), p_graver => true);
    RETURN NULL;
END $$;
