-- Somebody leaves, or is shut out: whatever they owe an answer to is looked at at once.
CREATE OR REPLACE FUNCTION mandated_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_asked SET climb_at = date_trunc('second', api.clock_now())
        WHERE person_id = OLD.person_id AND climb_at IS NOT NULL;
    RETURN NULL;
END $$;
