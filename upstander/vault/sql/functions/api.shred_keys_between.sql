-- The worker wraps the living anew, some pages of the table at a time, and reads no more of it: a
-- shred key opens nothing without a grant, and it has none.
CREATE OR REPLACE FUNCTION api.shred_keys_between(p_first tid, p_end tid, p_files integer[])
    RETURNS TABLE (subject uuid, wrapped bytea, file_version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT k.subject, k.wrapped, k.file_version FROM vault_shredkey k
    WHERE k.ctid >= p_first AND k.ctid < p_end AND k.file_version = ANY (p_files)
$$;

GRANT EXECUTE ON FUNCTION api.shred_keys_between TO upstander_worker;
