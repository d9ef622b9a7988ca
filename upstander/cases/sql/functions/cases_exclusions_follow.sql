-- What is written on a case, or on one of its tips. A case itself is made with its first tip's
-- matter, or with a new one: its exclusions come afterwards.
CREATE OR REPLACE FUNCTION cases_exclusions_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- A tip may be coming to a case just now: who comes second sees what the other wrote.
    PERFORM cases_hold_matters(ARRAY[NEW.matter_id]);
    PERFORM cases_carry_exclusions(NEW.matter_id, x.case_id) FROM (
        SELECT t.case_id FROM cases_casetip t WHERE t.matter_id = NEW.matter_id
        UNION SELECT c.id FROM cases_case c WHERE c.matter_id = NEW.matter_id ORDER BY 1) AS x;
    RETURN NULL;
END $$;
