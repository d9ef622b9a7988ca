-- All of an action stays, a new column too, but for how it ends, who does it, and its reminders.
CREATE OR REPLACE FUNCTION cases_action_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changes CONSTANT text[] := '{ended_at, ended_by, ending, owner_id, remind_at, reminded}';
BEGIN
    IF to_jsonb(NEW) - changes IS DISTINCT FROM to_jsonb(OLD) - changes
       OR (OLD.ended_at IS NOT NULL
           AND (NEW.ended_at, NEW.ended_by, NEW.ending, NEW.owner_id)
               IS DISTINCT FROM (OLD.ended_at, OLD.ended_by, OLD.ending, OLD.owner_id))
       OR (NEW.ended_at IS NULL) <> (NEW.ending = '')
       OR (NEW.ended_at IS NULL) <> (NEW.remind_at IS NOT NULL) THEN
        RAISE EXCEPTION 'an action is ended once, and is reminded of until then'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
