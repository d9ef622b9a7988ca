CREATE OR REPLACE FUNCTION api.shred_keys_of(p_files integer[]) RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM vault_shredkey k WHERE k.file_version = ANY (p_files)
$$;

GRANT EXECUTE ON FUNCTION api.shred_keys_of TO upstander_worker;
