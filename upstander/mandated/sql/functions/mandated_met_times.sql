CREATE OR REPLACE FUNCTION mandated_met_times() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.met_at IS NULL) <> (NEW.met_recorded_at IS NULL)
        OR (NEW.met_at IS NULL) <> (NEW.met_by IS NULL)
       OR NEW.met_recorded_at IS DISTINCT FROM OLD.met_recorded_at AND NOT EXISTS (
           SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.duty_id AND e.kind = 'met'
           AND e.at = NEW.met_recorded_at) THEN
        RAISE EXCEPTION 'when and how it was written down stays'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
