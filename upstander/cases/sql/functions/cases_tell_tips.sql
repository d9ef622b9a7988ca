CREATE OR REPLACE FUNCTION cases_tell_tips() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE tips_tip SET disposition = cases_told(id)
        WHERE state = 'handed_off'
          AND id IN (SELECT t.tip_id FROM cases_casetip t WHERE t.case_id = NEW.id);
    RETURN NULL;
END $$;
