-- What opens a folder is gone, from this moment; that it was granted, and to whom, stays.
CREATE OR REPLACE FUNCTION places_empty_grants(p_folder uuid, p_at timestamptz) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE places_foldergrant SET withdrawn_at = p_at, blob = ''
        WHERE folder_id = p_folder AND withdrawn_at IS NULL
$$;
