CREATE OR REPLACE FUNCTION api.share_folder(p_folder uuid, p_holder text, p_version integer,
    p_blob bytea,
    p_until timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
BEGIN
    -- A share is a person's or a team's, never one whom the matter excludes (a team's members are
    -- the caller's to look through: the database knows an excluded person by an opaque code alone).
    IF NOT api.holds_folder(p_folder) OR EXISTS (
        SELECT 1 FROM matters_folder f WHERE f.id = p_folder
          AND matters_is_excluded(p_matter => f.matter_id, p_mac => matters_mac_of(p_holder))) THEN
        RAISE EXCEPTION 'this folder can''t be shared so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO matters_foldergrant (folder_id, holder, key_version, blob, since, until)
        VALUES (p_folder, p_holder, p_version, p_blob, at, p_until)
        ON CONFLICT (folder_id, holder) DO UPDATE SET
            key_version = excluded.key_version, blob = excluded.blob,
            until = CASE WHEN matters_foldergrant.until IS NULL OR excluded.until IS NULL THEN NULL
                ELSE greatest(matters_foldergrant.until, excluded.until) END;
END $$;

GRANT EXECUTE ON FUNCTION api.share_folder
    TO upstander_center, upstander_district, upstander_former, upstander_school;
