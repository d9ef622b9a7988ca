-- One that was destroyed meanwhile stays so: there is nothing left to update.
CREATE OR REPLACE FUNCTION api.rewrap_shred_keys(p_first tid, p_end tid, p_file integer,
    p_subjects uuid[],
    p_wrapped bytea[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE vault_shredkey k SET wrapped = n.wrapped, file_version = p_file
    FROM unnest(p_subjects, p_wrapped) AS n(subject, wrapped)
    WHERE k.ctid >= p_first AND k.ctid < p_end AND k.subject = n.subject AND k.file_version < p_file
$$;

GRANT EXECUTE ON FUNCTION api.rewrap_shred_keys TO upstander_worker;
