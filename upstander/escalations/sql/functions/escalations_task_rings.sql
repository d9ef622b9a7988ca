-- While nobody has a task its phones ring: no person calls that off or puts it off. Whoever takes
-- it, ends it, or lets it ring sooner does so first.
CREATE OR REPLACE FUNCTION escalations_task_rings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    step escalations_step%ROWTYPE;
BEGIN
    IF api.scope_person() IS NULL OR OLD.state <> 'due'
       OR (NEW.state = OLD.state AND NEW.due_at <= OLD.due_at) THEN
        RETURN NEW;
    END IF;
    IF TG_TABLE_NAME = 'escalations_step' THEN
        step := OLD;
    ELSE
        SELECT * INTO step FROM escalations_step s
            WHERE s.alert_id = OLD.alert_id AND s.number = OLD.step_number;
    END IF;
    IF EXISTS (SELECT 1 FROM escalations_task k WHERE k.id = step.task_id AND k.state = 'open')
       -- Another that rings the same people no later takes its place.
       AND (TG_TABLE_NAME <> 'escalations_step' OR NEW.state = 'due' OR NOT EXISTS (
            SELECT 1 FROM escalations_step s
            WHERE s.task_id = step.task_id AND s.id <> step.id AND s.target = step.target
              AND s.state = 'due' AND s.due_at <= step.due_at)) THEN
        RAISE EXCEPTION 'a task that nobody has rings' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
