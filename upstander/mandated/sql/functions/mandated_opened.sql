-- Whoever opens a tip about abuse, or a case of it, is asked: told by the record, which every road
-- to the words writes before anything is opened.
CREATE OR REPLACE FUNCTION mandated_opened() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.subject_kind = 'tip' THEN
        PERFORM mandated_ask(NEW.subject_id::uuid, NEW.actor_id);
    ELSE
        PERFORM mandated_ask_of_case(NEW.subject_id::uuid, NEW.actor_id);
    END IF;
    RETURN NULL;
END $$;
