-- What a letter rests on changes with an agreed proposal alone, and only to what that says: said to
-- the tables' owner too. What one person may write is in none of the columns named here.
CREATE OR REPLACE FUNCTION register_entry_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.outcome <> 'unproven' OR NEW.change_number <> 0 OR NEW.keep_until IS NOT NULL
           OR NEW.outcome_on IS NOT NULL OR NEW.disposed_at IS NOT NULL THEN
            RAISE EXCEPTION 'an allegation is filed as unproven'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN NEW;
    END IF;
    IF (NEW.id, NEW.folder_id, NEW.district_id, NEW.school_id, NEW.matter_id, NEW.duty_id,
        NEW.filed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.folder_id, OLD.district_id, OLD.school_id, OLD.matter_id, OLD.duty_id,
           OLD.filed_at)
       OR OLD.disposed_at IS NOT NULL
       -- An outcome has its day; what has none yet is kept without end.
       OR (NEW.outcome = 'unproven') <> (NEW.outcome_on IS NULL)
       OR (NEW.outcome = 'unproven' AND NEW.keep_until IS NOT NULL)
       -- It is destroyed with its key, and not by a day that is written into it.
       OR (NEW.disposed_at IS NOT NULL AND (EXISTS (SELECT 1 FROM vault_shredkey k
               WHERE k.subject = OLD.folder_id)
           OR (NEW.happened_on, NEW.outcome, NEW.outcome_on, NEW.keep_until, NEW.change_number)
              IS DISTINCT FROM
              (OLD.happened_on, OLD.outcome, OLD.outcome_on, OLD.keep_until, OLD.change_number)))
       OR (NEW.disposed_at IS NULL
           AND (NEW.happened_on, NEW.kind, NEW.outcome, NEW.outcome_on, NEW.keep_until, NEW.sealed,
               NEW.found_by, NEW.change_number)
           IS DISTINCT FROM
               (OLD.happened_on, OLD.kind, OLD.outcome, OLD.outcome_on, OLD.keep_until,
                   OLD.sealed, OLD.found_by, OLD.change_number)
           AND NOT EXISTS (SELECT 1 FROM register_proposal p
               WHERE p.entry_id = NEW.id AND p.number = NEW.change_number AND p.state = 'agreed'
                 AND NEW.change_number > OLD.change_number
                 AND (p.happened_on, p.kind, p.outcome, p.outcome_on, p.keep_until, p.sealed,
                     p.found_by)
                 IS NOT DISTINCT FROM
                 (NEW.happened_on, NEW.kind, NEW.outcome, NEW.outcome_on, NEW.keep_until,
                     NEW.sealed, NEW.found_by))) THEN
        RAISE EXCEPTION 'the register keeps what was written'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
