-- What corrects a call is of that call's own tip, and is written once, as the call was.
CREATE OR REPLACE FUNCTION emergency_correction_stays() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'a correction that was written down stays'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM emergency_call c
            WHERE c.id = NEW.call_id AND c.tip_id = NEW.tip_id) THEN
        RAISE EXCEPTION 'a correction is of a call of its own tip'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
