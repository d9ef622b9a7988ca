-- As before, with what was computed: a due time changes with the report that it runs from, or
-- never.
CREATE OR REPLACE FUNCTION mandated_duty_guard() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.folder_id, NEW.person_id, NEW.district_id, NEW.school_id, NEW.matter_id,
        NEW.tip_id, NEW.case_id, NEW.rule_set, NEW.rule, NEW.school_inquiry, NEW.cause_at,
            NEW.opened_at, NEW.month,
        NEW.first_due, NEW.matter_opened_at, NEW.matter_noted_at)
       IS DISTINCT FROM
       (OLD.id, OLD.folder_id, OLD.person_id, OLD.district_id, OLD.school_id, OLD.matter_id,
        OLD.tip_id, OLD.case_id, OLD.rule_set, OLD.rule, OLD.school_inquiry, OLD.cause_at,
            OLD.opened_at, OLD.month,
        OLD.first_due, OLD.matter_opened_at, OLD.matter_noted_at) THEN
        RAISE EXCEPTION 'whose a duty is and since when stays'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- A report counts by its event, and a duty that is open keeps its next reminder.
    IF NEW.first_at IS DISTINCT FROM OLD.first_at AND NOT EXISTS (
           SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.id
           AND e.kind IN ('first', 'corrected') AND e.happened_at = NEW.first_at
           AND e.person_id = NEW.person_id)
       OR NEW.written_at IS DISTINCT FROM OLD.written_at AND NOT EXISTS (
           SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.id
           AND e.kind IN ('written', 'redated') AND e.happened_at = NEW.written_at
               AND e.person_id = NEW.person_id)
       OR NEW.written_due IS DISTINCT FROM OLD.written_due
          AND (NEW.first_at IS NULL OR NEW.first_at IS NOT DISTINCT FROM OLD.first_at)
       OR OLD.says_whom AND NOT NEW.says_whom OR OLD.has_paper AND NOT NEW.has_paper
       OR OLD.says_where AND NOT NEW.says_where
       OR NEW.says_whom AND NOT OLD.says_whom AND NOT EXISTS (
           SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.id AND e.says_whom)
       OR NEW.says_where AND NOT OLD.says_where AND NOT EXISTS (
           SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.id AND e.says_where)
       OR NEW.written_at IS NULL AND NEW.remind_at IS NULL THEN
        RAISE EXCEPTION 'only its owner''s report ends a duty'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
