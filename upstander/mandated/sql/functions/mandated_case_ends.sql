CREATE OR REPLACE FUNCTION mandated_case_ends() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_over(p_matters => ARRAY(SELECT cases_matters(NEW.id)),
        p_abuse => mandated_of_abuse(NEW.id),
        p_reported => NEW.disposition = 'child_protection');
    RETURN NEW;
END $$;
