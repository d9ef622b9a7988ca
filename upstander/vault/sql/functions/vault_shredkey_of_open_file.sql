-- A shred key is stored under a file that is still there: whoever wrapped one by a file that was
-- closed meanwhile is refused, and tries again with the file in force. The worker closes a file
-- under the same lock, alone, so that it has seen every row there will ever be of that file before
-- destroying it.
CREATE OR REPLACE FUNCTION vault_shredkey_of_open_file() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7300115100);
    IF NEW.file_version <= (SELECT f.version FROM vault_shredfile f WHERE f.closed_at IS NOT NULL
                            ORDER BY f.version DESC LIMIT 1) THEN
        RAISE EXCEPTION 'shred key file % is closed', NEW.file_version
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
