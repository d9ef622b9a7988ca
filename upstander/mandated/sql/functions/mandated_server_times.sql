-- When something was written down is the server's word: it comes with its event, once, and stays.
-- Said to the tables' owner too.
CREATE OR REPLACE FUNCTION mandated_server_times() RETURNS trigger
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
        RAISE EXCEPTION 'when and how it was written down stays'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
