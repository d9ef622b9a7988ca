-- Whoever opens a tip about abuse, or a case of it, is asked: told by the record, which every road
-- to the words writes before anything is opened.
CREATE OR REPLACE FUNCTION mandated_opened() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- An entry may name what never was: then nobody has opened anything.
    IF NEW.subject_id !~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN
        RETURN NULL;
    END IF;
    IF NEW.subject_kind = 'tip' THEN
        PERFORM mandated_ask(NEW.subject_id::uuid, NEW.actor_id);
        PERFORM mandated_ask_again(p_tip => NEW.subject_id::uuid, p_person => NEW.actor_id);
    ELSE
        PERFORM mandated_ask_of_case(NEW.subject_id::uuid, NEW.actor_id);
    END IF;
    RETURN NULL;
END $$;
