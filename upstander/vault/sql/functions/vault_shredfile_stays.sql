-- A file is closed only once a newer one lies in two places: after that it is destroyed, and the
-- newer one is all that there is.
CREATE OR REPLACE FUNCTION vault_shredfile_stays() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.closed_at IS NULL AND NOT EXISTS (
        SELECT 1 FROM vault_shredfile f WHERE f.version > NEW.version AND f.closed_at IS NULL
        AND f.twice_at IS NOT NULL) THEN
        RAISE EXCEPTION 'shred key file % is the one in force', NEW.version
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
