-- An answer to an alert, a step that was taken and a page that went out show on the queue at once.
-- A trigger, because these writes belong to a layer that knows no tips and to the worker.
CREATE OR REPLACE FUNCTION desk_alert_notify() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'escalations_alert' THEN
        PERFORM pg_notify('tips', NEW.subject_id::text);
    ELSE
        PERFORM pg_notify('tips', a.subject_id::text) FROM escalations_alert a
            WHERE a.id = NEW.alert_id;
    END IF;
    RETURN NULL;
END $$;
