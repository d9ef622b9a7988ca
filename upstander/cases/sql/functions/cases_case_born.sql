-- A new case has no past.
CREATE OR REPLACE FUNCTION cases_case_born() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'open' OR NEW.disposition <> '' OR NEW.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'a case is opened open' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
