-- Somebody is kept out: who owes an answer and can give it no more, the worker alone can tell.
CREATE OR REPLACE FUNCTION mandated_barred() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_asked SET climb_at = date_trunc('second', api.clock_now())
        WHERE matter_id = NEW.matter_id AND climb_at IS NOT NULL;
    RETURN NULL;
END $$;
