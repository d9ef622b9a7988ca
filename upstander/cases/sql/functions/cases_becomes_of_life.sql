-- A case that ends, or comes back, with a life-safety tip is one itself from here on.
CREATE OR REPLACE FUNCTION cases_becomes_of_life() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.life_safety := NEW.life_safety OR cases_of_life(NEW.id);
    RETURN NEW;
END $$;
