-- Takes one folder back from holders, by the names under which they stand, and says so for as long
-- as an older backup may be restored (`api.protections`).
CREATE OR REPLACE FUNCTION matters_take_back(p_folder uuid, p_holders text[]) RETURNS bigint
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM matters_foldergrant g WHERE g.folder_id = p_folder
            AND g.holder = ANY (p_holders) RETURNING g.holder),
    said AS (
        INSERT INTO matters_takenback (folder_id, holder, at)
            SELECT p_folder, g.holder, date_trunc('second', api.clock_now()) FROM gone g)
    SELECT count(*) FROM gone
$$;
