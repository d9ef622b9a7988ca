-- From here on a file of shred keys counts. The first of all may lie in one place; each later one
-- lies in two, and follows the one in force, whose mark only a folder that holds it can give: a
-- folder that is stale, or another installation's, makes none.
CREATE OR REPLACE FUNCTION api.know_shred_file(
    p_version integer, p_mark bytea, p_follows bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    newest record;
    at timestamptz := api.clock_now();
    twice timestamptz;
BEGIN
    PERFORM pg_advisory_xact_lock(7300115101);
    SELECT f.version, f.mark, f.closed_at INTO newest
        FROM vault_shredfile f ORDER BY f.version DESC LIMIT 1;
    IF FOUND THEN
        IF p_version <> newest.version + 1 OR newest.closed_at IS NOT NULL
           OR p_follows IS NULL OR p_follows <> newest.mark THEN
            RAISE EXCEPTION 'shred key file % does not follow the one in force', p_version
                USING ERRCODE = 'check_violation';
        END IF;
        twice := at;
    END IF;
    INSERT INTO vault_shredfile (version, made_at, mark, twice_at)
        VALUES (p_version, at, p_mark, twice);
END $$;

GRANT EXECUTE ON FUNCTION api.know_shred_file TO upstander_worker;
