CREATE OR REPLACE FUNCTION cases_tell_tips() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM tips_case_told(p_tips => array_agg(t.tip_id),
        p_told => array_agg(cases_told(t.tip_id)))
    FROM cases_casetip t WHERE t.case_id = NEW.id;
    RETURN NULL;
END $$;
