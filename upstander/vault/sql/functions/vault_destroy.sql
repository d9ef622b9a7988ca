-- Destroys shred keys: what is sealed under them opens no more, in any copy.
CREATE OR REPLACE FUNCTION vault_destroy(p_subjects uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM vault_shredkey WHERE subject = ANY (p_subjects)
$$;
