CREATE OR REPLACE FUNCTION mandated_answered() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_asked SET answered_at = NEW.at, remind_at = NULL
        WHERE tip_id = NEW.tip_id AND person_id = NEW.person_id AND answered_at IS NULL;
    RETURN NULL;
END $$;
