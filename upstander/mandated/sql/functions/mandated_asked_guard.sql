CREATE OR REPLACE FUNCTION mandated_asked_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.tip_id, NEW.matter_id, NEW.district_id, NEW.school_id, NEW.center,
        NEW.person_id,
        NEW.asked_at)
       IS DISTINCT FROM
       (OLD.id, OLD.tip_id, OLD.matter_id, OLD.district_id, OLD.school_id, OLD.center,
           OLD.person_id,
        OLD.asked_at)
       OR NEW.answered_at IS DISTINCT FROM OLD.answered_at AND NOT EXISTS (
          SELECT 1 FROM mandated_answer a WHERE a.tip_id = NEW.tip_id
          AND a.person_id = NEW.person_id AND a.at = NEW.answered_at)
       OR NEW.answered_at IS NULL AND NEW.remind_at IS NULL THEN
        RAISE EXCEPTION 'only their own answer ends the question'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
