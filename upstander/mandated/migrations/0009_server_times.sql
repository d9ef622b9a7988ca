-- When something was written down is the server's word: it comes with its event, once, and stays.
-- Said to the tables' owner too.
CREATE FUNCTION mandated_server_times() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.first_recorded_at IS DISTINCT FROM OLD.first_recorded_at
           AND (OLD.first_recorded_at IS NOT NULL OR NOT EXISTS (
               SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.id AND e.kind = 'first'
               AND e.at = NEW.first_recorded_at))
       OR NEW.written_recorded_at IS DISTINCT FROM OLD.written_recorded_at
           AND (OLD.written_recorded_at IS NOT NULL OR NOT EXISTS (
               SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.id AND e.kind = 'written'
               AND e.at = NEW.written_recorded_at))
       OR NEW.first_way IS DISTINCT FROM OLD.first_way AND OLD.first_way <> '' THEN
        RAISE EXCEPTION 'when and how it was written down stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mandated_server_times BEFORE UPDATE ON mandated_duty
    FOR EACH ROW EXECUTE FUNCTION mandated_server_times();

CREATE FUNCTION mandated_met_times() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.met_at IS NULL) <> (NEW.met_recorded_at IS NULL) OR (NEW.met_at IS NULL) <> (NEW.met_by IS NULL)
       OR NEW.met_recorded_at IS DISTINCT FROM OLD.met_recorded_at AND NOT EXISTS (
           SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.duty_id AND e.kind = 'met'
           AND e.at = NEW.met_recorded_at) THEN
        RAISE EXCEPTION 'when and how it was written down stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mandated_met_times BEFORE UPDATE ON mandated_deadline
    FOR EACH ROW EXECUTE FUNCTION mandated_met_times();
