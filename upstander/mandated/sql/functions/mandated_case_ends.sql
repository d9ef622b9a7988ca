CREATE OR REPLACE FUNCTION mandated_case_ends() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Its end is told to its tips: their rows before their matters.
    PERFORM mandated_lock_tips(p_matters => ARRAY(SELECT cases_matters(NEW.id)));
    PERFORM mandated_over(p_matters => ARRAY(SELECT cases_matters(NEW.id)),
        p_tips => ARRAY(SELECT k.tip_id FROM cases_casetip k WHERE k.case_id = NEW.id),
        p_abuse => mandated_of_abuse(NEW.id),
        p_says => NEW.disposition);
    RETURN NEW;
END $$;
