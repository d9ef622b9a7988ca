-- What is closed leaves no task behind. A trigger, since a school that closes sees none of them.
CREATE OR REPLACE FUNCTION cases_drop_tasks() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE escalations_step s SET state = 'cancelled' FROM escalations_task t
        WHERE s.task_id = t.id AND t.subject_id = NEW.id AND s.state = 'due';
    UPDATE escalations_task SET state = 'dropped'
        WHERE subject_id = NEW.id AND state IN ('open', 'taken');
    RETURN NULL;
END $$;
