CREATE OR REPLACE FUNCTION cases_tip_joins() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- The tip before its matter, as whoever excludes somebody at the center.
    PERFORM tips_case_told(p_tips => ARRAY[NEW.tip_id],
        p_told => ARRAY[cases_told(NEW.tip_id)]);
    PERFORM cases_join_exclusions(NEW.matter_id, NEW.case_id);
    RETURN NULL;
END $$;
