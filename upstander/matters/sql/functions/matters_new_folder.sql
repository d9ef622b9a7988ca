-- A new folder, and what opens it for its first holders. Whoever calls has asked who may make it.
CREATE OR REPLACE FUNCTION matters_new_folder(
    p_folder uuid, p_kind text, p_district bigint, p_school bigint, p_matter uuid, p_by bigint,
    p_at timestamptz, p_holders text[], p_versions integer[], p_blobs bytea[]) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO matters_folder (id, kind, district_id, school_id, matter_id, opened_by, opened_at)
        VALUES (p_folder, p_kind, p_district, p_school, p_matter, p_by, p_at);
    INSERT INTO matters_foldergrant (folder_id, holder, key_version, blob, since)
        SELECT p_folder, g.holder, g.version, g.blob, p_at
        FROM unnest(p_holders, p_versions, p_blobs) AS g (holder, version, blob);
END $$;
