CREATE OR REPLACE FUNCTION cases_tip_joins() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- The tip before its matter, as whoever bars somebody at the center.
    UPDATE tips_tip SET disposition = cases_told(NEW.tip_id)
        WHERE id = NEW.tip_id AND state = 'handed_off';
    PERFORM cases_join_bars(NEW.matter_id, NEW.case_id);
    RETURN NULL;
END $$;
