-- A new step or page takes its turn with those of its school and of its kind, whoever writes it.
-- What may be a danger and is unread goes as one; what a colleague asks, before all (models.Turn).
CREATE OR REPLACE FUNCTION escalations_takes_turns() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    task escalations_step.task_id%TYPE;
BEGIN
    SELECT coalesce(a.school_id, -a.district_id), escalations_turn(p_alert => a)
        INTO NEW.school_key, NEW.turn FROM escalations_alert a WHERE a.id = NEW.alert_id;
    IF NEW.cause = 'unread' THEN
        NEW.turn := 0;
    ELSIF NEW.cause = 'task' THEN
        IF TG_TABLE_NAME = 'escalations_step' THEN
            task := NEW.task_id;
        ELSE
            SELECT s.task_id INTO task FROM escalations_step s
                WHERE s.alert_id = NEW.alert_id AND s.number = NEW.step_number;
        END IF;
        IF EXISTS (SELECT FROM escalations_task t
                   WHERE t.id = task AND t.kind = 'second_police') THEN
            NEW.turn := 3;
        END IF;
    END IF;
    RETURN NEW;
END $$;
