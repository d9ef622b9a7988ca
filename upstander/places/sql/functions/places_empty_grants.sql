-- What opens a folder is gone, from this moment.
CREATE OR REPLACE FUNCTION places_empty_grants(p_folder uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT places_take_back(p_folder => p_folder, p_holders => ARRAY(
        SELECT g.holder::text FROM places_foldergrant g WHERE g.folder_id = p_folder))
$$;
