CREATE OR REPLACE FUNCTION cases_tip_moves() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE cases_casetip SET matter_id = NEW.matter_id WHERE tip_id = NEW.id;
    PERFORM cases_join_exclusions(NEW.matter_id, t.case_id) FROM cases_casetip t
        WHERE t.tip_id = NEW.id;
    RETURN NULL;
END $$;
