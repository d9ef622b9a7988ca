CREATE OR REPLACE FUNCTION cases_action_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.case_id, NEW.district_id, NEW.folder_id, NEW.kind, NEW.made_by, NEW.from_at,
        NEW.within, NEW.due_at, NEW.closing_id, NEW.sealed)
       IS DISTINCT FROM
       (OLD.id, OLD.case_id, OLD.district_id, OLD.folder_id, OLD.kind, OLD.made_by, OLD.from_at,
        OLD.within, OLD.due_at, OLD.closing_id, OLD.sealed)
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
