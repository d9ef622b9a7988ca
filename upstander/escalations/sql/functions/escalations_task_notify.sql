CREATE OR REPLACE FUNCTION escalations_task_notify() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_notify('tips', NEW.subject_id::text);
    RETURN NULL;
END $$;
