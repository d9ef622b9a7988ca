-- What opens a folder is gone, from this moment.
CREATE OR REPLACE FUNCTION matters_empty_grants(p_folder uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT matters_take_back(p_folder => p_folder, p_holders => ARRAY(
        SELECT g.holder::text FROM matters_foldergrant g WHERE g.folder_id = p_folder))
$$;
