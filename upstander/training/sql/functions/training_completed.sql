-- A completion meets what is open of its course since; the worker sees to what is owed next.
CREATE OR REPLACE FUNCTION training_completed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE training_due SET met_by_id = NEW.id, remind_on = NULL, link_hash = NULL
    WHERE employee_id = NEW.employee_id AND course = NEW.course AND since <= NEW.completed_on
      AND met_by_id IS NULL AND ended_on IS NULL;
    UPDATE training_employee SET renewed_on = NULL WHERE id = NEW.employee_id;
    RETURN NULL;
END $$;
