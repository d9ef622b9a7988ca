CREATE OR REPLACE FUNCTION register_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.folder_id, NEW.district_id, NEW.school_id, NEW.matter_id, NEW.duty_id,
        NEW.filed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.folder_id, OLD.district_id, OLD.school_id, OLD.matter_id, OLD.duty_id,
           OLD.filed_at)
       OR OLD.disposed_at IS NOT NULL
       -- An outcome has its day; what has none yet is kept without end.
       OR (NEW.outcome = 'unproven') <> (NEW.outcome_on IS NULL)
       OR (NEW.outcome = 'unproven' AND NEW.keep_until IS NOT NULL) THEN
        RAISE EXCEPTION 'the register keeps what was written'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
