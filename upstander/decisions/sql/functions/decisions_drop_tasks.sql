-- What is closed leaves no task behind. A trigger, since a school that closes sees none of them.
CREATE OR REPLACE FUNCTION decisions_drop_tasks() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM escalations_tell(p_subject => NEW.id, p_kind => 'closed',
        p_at => date_trunc('second', api.clock_now()));
    RETURN NULL;
END $$;
