-- How many grants a folder has tells nothing: it is a multiple of eight, whoever was passed over or
-- taken out. `p_decoys` are eight names that are nobody's, with grants that open for nobody; as
-- many of them stand there as the others leave room for.
CREATE OR REPLACE FUNCTION api.fill_folder(p_folder uuid, p_decoys text[], p_blobs bytea[])
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    names text[] := ARRAY(SELECT matters_name(p_holder => n, p_to => p_folder)
                          FROM unnest(p_decoys) n WHERE n LIKE 'mac:%');
    missing integer;
BEGIN
    IF NOT (current_setting('role') = 'upstander_worker' OR session_user = 'upstander_worker'
            OR api.holds_folder(p_folder)) THEN
        RAISE EXCEPTION 'this folder is not theirs' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM 1 FROM matters_folder f WHERE f.id = p_folder FOR NO KEY UPDATE;
    SELECT (8 - count(*) FILTER (WHERE NOT (g.holder = ANY (names))) % 8) % 8
        - count(*) FILTER (WHERE g.holder = ANY (names)) INTO missing
        FROM matters_foldergrant g WHERE g.folder_id = p_folder;
    IF missing < 0 THEN
        DELETE FROM matters_foldergrant g WHERE g.folder_id = p_folder AND g.holder = ANY (ARRAY(
            SELECT d.holder FROM matters_foldergrant d WHERE d.folder_id = p_folder
              AND d.holder = ANY (names) ORDER BY random() LIMIT -missing));
    ELSIF missing > 0 THEN
        BEGIN
            INSERT INTO matters_foldergrant (folder_id, holder, key_version, blob, since)
                SELECT p_folder, n.name, 0, n.blob, date_trunc('second', api.clock_now())
                FROM unnest(p_decoys, p_blobs) AS n (name, blob)
                WHERE NOT EXISTS (SELECT 1 FROM matters_foldergrant g WHERE g.folder_id = p_folder
                    AND g.holder = matters_name(p_holder => n.name, p_to => p_folder))
                ORDER BY random() LIMIT missing;
        EXCEPTION WHEN insufficient_privilege THEN
            -- While nobody may be granted it (who must not see it is not settled), none is added:
            -- it is its owner's alone, and the worker comes again.
            RETURN;
        END;
    END IF;
    -- Nor does any of them tell by its number, its time or its place in the table when it came. The
    -- record knows a row by its number: those that they had are gone.
    PERFORM audit_seal_row(p_relation => 'matters_foldergrant', p_key => d.id::text,
        p_digest => NULL) FROM matters_foldergrant d
        WHERE d.folder_id = p_folder AND d.holder LIKE 'own:%';
    UPDATE matters_foldergrant g SET id = n.id, since = date_trunc('second', api.clock_now())
        FROM (SELECT o.id AS old, nextval(pg_get_serial_sequence('matters_foldergrant', 'id')) AS id
              FROM (SELECT d.id FROM matters_foldergrant d WHERE d.folder_id = p_folder
                      AND d.holder LIKE 'own:%' ORDER BY random()) AS o) AS n
        WHERE g.id = n.old;
END $$;

GRANT EXECUTE ON FUNCTION api.fill_folder
    TO upstander_center, upstander_district, upstander_former, upstander_school,
        upstander_worker;
