CREATE OR REPLACE FUNCTION audit_checkpoint_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.at, NEW.size, NEW.note) IS DISTINCT FROM (OLD.id, OLD.at, OLD.size, OLD.note)
       OR NEW.day IS DISTINCT FROM OLD.day THEN
        RAISE EXCEPTION 'a checkpoint is never changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
