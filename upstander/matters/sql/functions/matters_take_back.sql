-- Takes one folder back from holders, by the names under which they stand, and says so for as long
-- as an older backup may be restored (`api.protections`). Eight such rows, or a multiple, whether
-- it was granted to any of them or not: of each the name is bound to the folder, and most are
-- nobody's.
CREATE OR REPLACE FUNCTION matters_take_back(p_folder uuid, p_holders text[]) RETURNS bigint
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM matters_foldergrant g WHERE g.folder_id = p_folder
            AND g.holder = ANY (p_holders) RETURNING g.holder),
    said AS (
        INSERT INTO matters_takenback (folder_id, holder, at)
            SELECT p_folder, n.holder, date_trunc('second', api.clock_now()) FROM (
                SELECT g.holder FROM gone g
                UNION ALL
                SELECT 'own:' || encode(sha256(uuid_send(gen_random_uuid())
                    || uuid_send(gen_random_uuid())), 'hex')
                FROM generate_series(1, 8 - (SELECT count(*) FROM gone) % 8)
            ) AS n (holder) ORDER BY random())
    SELECT count(*) FROM gone
$$;
