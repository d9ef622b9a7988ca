-- That child protection was told is said of a case by a report's proof: in a closing, or as
-- something that is done.
CREATE OR REPLACE FUNCTION mandated_said_reported() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    says text := 'done';
BEGIN
    IF TG_TABLE_NAME = 'cases_caseclosing' THEN
        says := NEW.disposition;
    END IF;
    PERFORM mandated_lock_tips(p_matters => ARRAY(SELECT cases_matters(NEW.case_id)));
    PERFORM mandated_over(p_matters => ARRAY(SELECT cases_matters(NEW.case_id)),
        p_tips => ARRAY(SELECT k.tip_id FROM cases_casetip k WHERE k.case_id = NEW.case_id),
        p_abuse => mandated_of_abuse(NEW.case_id), p_says => says);
    RETURN NEW;
END $$;
