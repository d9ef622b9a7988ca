-- A shred key is stored under a file that is still there: whoever wrapped one by a file that was closed
-- meanwhile is refused, and tries again with the file in force. The worker closes a file under the
-- same lock, alone, so that it has seen every row there will ever be of that file before destroying it.
CREATE FUNCTION vault_shredkey_of_open_file() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7300115100);
    IF NEW.file_version <= (SELECT f.version FROM vault_shredfile f WHERE f.closed_at IS NOT NULL
                            ORDER BY f.version DESC LIMIT 1) THEN
        RAISE EXCEPTION 'shred key file % is closed', NEW.file_version USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER vault_shredkey_of_open_file BEFORE INSERT ON vault_shredkey
    FOR EACH ROW EXECUTE FUNCTION vault_shredkey_of_open_file();

-- Every row is written anew each night: with room in its page that touches no index.
ALTER TABLE vault_shredkey SET (fillfactor = 45);

-- The worker wraps the living anew. A shred key opens nothing without a grant, and it has none.
ALTER TABLE vault_shredfile ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (closed_at) ON vault_shredfile TO upstander_worker;
CREATE POLICY worker ON vault_shredfile TO upstander_worker USING (true) WITH CHECK (true);
GRANT SELECT (subject, file_version, wrapped), UPDATE (file_version, wrapped)
    ON vault_shredkey TO upstander_worker;
CREATE POLICY worker ON vault_shredkey TO upstander_worker USING (true) WITH CHECK (true);
