-- Report first, ask later: a note of questioning waits while any of the case's matters is on hold,
-- or one of a case that it is linked with.
CREATE OR REPLACE FUNCTION cases_item_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF api.case_on_hold(NEW.case_id) THEN
        RAISE EXCEPTION 'questioning waits for the report' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
