-- A tip that moves is told of anew: one that the center has again says nothing of a school's case.
CREATE OR REPLACE FUNCTION cases_tip_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.in_case := CASE WHEN NEW.state = 'handed_off' THEN cases_told(NEW.id) ELSE '' END;
    RETURN NEW;
END $$;
