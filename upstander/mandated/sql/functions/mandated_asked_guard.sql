-- Only their own answer ends the question, and only what settles it ends the climb: not the worker,
-- and not the tables' owner.
CREATE OR REPLACE FUNCTION mandated_asked_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
DECLARE
    stands text := mandated_standing(OLD.id);
BEGIN
    IF (NEW.id, NEW.tip_id, NEW.case_id, NEW.matter_id, NEW.district_id, NEW.school_id, NEW.center,
        NEW.person_id, NEW.asked_at)
       IS DISTINCT FROM
       (OLD.id, OLD.tip_id, OLD.case_id, OLD.matter_id, OLD.district_id, OLD.school_id, OLD.center,
        OLD.person_id, OLD.asked_at)
       OR NEW.answered_at IS DISTINCT FROM OLD.answered_at AND NOT (
          stands = 'reports' AND NEW.answered_at IS NOT NULL
          OR NEW.answered_at IS NULL AND NEW.new_turn > OLD.new_turn
          OR stands = 'silent' AND NEW.answered_at IS NULL
          OR EXISTS (SELECT 1 FROM mandated_answer a
              WHERE (a.tip_id = NEW.tip_id OR a.case_id = NEW.case_id)
                AND a.person_id = NEW.person_id AND a.at = NEW.answered_at))
       -- Asked again: about words that are there, and whoever is asked waits for nothing less.
       OR NEW.new_turn < OLD.new_turn OR NEW.new_turn > OLD.new_turn AND (
          NEW.answered_at IS NOT NULL OR NEW.climb_at IS NULL OR NEW.tip_id IS NULL
          OR NEW.new_turn > mandated_new_turn(p_tip => NEW.tip_id))
       OR NEW.answered_at IS NULL AND NEW.remind_at IS NULL AND stands <> 'for_file'
       OR stands IN ('silent', 'waits') AND (NEW.climb_at IS NULL OR NEW.climb_since IS NULL)
       -- Whoever owes the answer never gives it for the file; and who has gone stays so.
       OR NEW.for_file = NEW.person_id OR OLD.gone_at IS DISTINCT FROM NEW.gone_at
          AND OLD.gone_at IS NOT NULL THEN
        RAISE EXCEPTION 'only their own answer ends the question'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
