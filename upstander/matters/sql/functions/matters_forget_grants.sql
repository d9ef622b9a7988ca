-- What opens folders, for everybody.
CREATE OR REPLACE FUNCTION matters_forget_grants(p_folders uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM matters_foldergrant WHERE folder_id = ANY (p_folders)
$$;
