-- A shred key is stored under a file that the database knows and that is still there. Whoever
-- wrapped one by a file of the same number but another mark (a stale folder, another
-- installation's) is refused: it would open nowhere else. So is who wrapped one by a file that was
-- closed meanwhile, and tries again with the file in force. The worker closes a file under the same
-- lock, alone, so that it has seen every row there will ever be of that file before destroying it.
CREATE OR REPLACE FUNCTION vault_shredkey_of_open_file() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    file record;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7300115100);
    SELECT f.mark, f.closed_at INTO file FROM vault_shredfile f WHERE f.version = NEW.file_version;
    IF NOT FOUND OR NEW.file_mark IS NULL OR file.mark <> NEW.file_mark THEN
        RAISE EXCEPTION 'shred key file % is not the one that this database knows', NEW.file_version
            USING ERRCODE = 'check_violation';
    END IF;
    IF file.closed_at IS NOT NULL THEN
        RAISE EXCEPTION 'shred key file % is closed', NEW.file_version
            USING ERRCODE = 'check_violation';
    END IF;
    -- It has said what it had to: from now on the number is enough, and costs less.
    NEW.file_mark := NULL;
    RETURN NEW;
END $$;
