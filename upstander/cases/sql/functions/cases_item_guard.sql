-- Report first, ask later: a note of questioning waits while any of the case's matters is on hold.
CREATE OR REPLACE FUNCTION cases_item_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND (api.matter_on_hold(c.matter_id)
            OR EXISTS (SELECT 1 FROM cases_casetip t
                       WHERE t.case_id = c.id AND api.matter_on_hold(t.matter_id)))) THEN
        RAISE EXCEPTION 'questioning waits for the report' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
