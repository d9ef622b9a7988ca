-- Whichever way a tip becomes life safety, it is on the queue from then on.
CREATE OR REPLACE FUNCTION tips_life_is_never_junk() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    NEW.junk := false;
    RETURN NEW;
END $$;
