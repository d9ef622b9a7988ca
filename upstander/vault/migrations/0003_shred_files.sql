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

-- The worker wraps the living anew, some pages of the table at a time, and reads no more of it: a shred
-- key opens nothing without a grant, and it has none.
CREATE FUNCTION api.shred_keys_between(p_first tid, p_end tid, p_files integer[])
    RETURNS TABLE (subject uuid, wrapped bytea, file_version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.subject, k.wrapped, k.file_version FROM vault_shredkey k
    WHERE k.ctid >= p_first AND k.ctid < p_end AND k.file_version = ANY (p_files)
$$;
-- One that was destroyed meanwhile stays so: there is nothing left to update.
CREATE FUNCTION api.rewrap_shred_keys(p_first tid, p_end tid, p_file integer, p_subjects uuid[],
    p_wrapped bytea[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE vault_shredkey k SET wrapped = n.wrapped, file_version = p_file
    FROM unnest(p_subjects, p_wrapped) AS n(subject, wrapped)
    WHERE k.ctid >= p_first AND k.ctid < p_end AND k.subject = n.subject AND k.file_version < p_file
$$;
CREATE FUNCTION api.shred_keys_of(p_files integer[]) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM vault_shredkey k WHERE k.file_version = ANY (p_files)
$$;
REVOKE ALL ON FUNCTION api.shred_keys_between, api.rewrap_shred_keys, api.shred_keys_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.shred_keys_between, api.rewrap_shred_keys, api.shred_keys_of
    TO upstander_worker;
ALTER TABLE vault_shredfile ENABLE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE (closed_at) ON vault_shredfile TO upstander_worker;
CREATE POLICY worker ON vault_shredfile TO upstander_worker USING (true) WITH CHECK (true);
