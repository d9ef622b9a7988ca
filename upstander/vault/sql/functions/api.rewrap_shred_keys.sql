-- One that was destroyed meanwhile stays so: there is nothing left to update. Into a file that the
-- database doesn't know by this mark nothing goes: it would open nowhere else.
CREATE OR REPLACE FUNCTION api.rewrap_shred_keys(p_first tid, p_end tid, p_file integer,
    p_mark bytea, p_subjects uuid[], p_wrapped bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM vault_shredfile f WHERE f.version = p_file AND f.mark = p_mark
                   AND f.closed_at IS NULL AND f.twice_at IS NOT NULL) THEN
        RAISE EXCEPTION 'shred key file % is not the one that this database knows', p_file
            USING ERRCODE = 'check_violation';
    END IF;
    UPDATE vault_shredkey k SET wrapped = n.wrapped, file_version = p_file
    FROM unnest(p_subjects, p_wrapped) AS n(subject, wrapped)
    WHERE k.ctid >= p_first AND k.ctid < p_end AND k.subject = n.subject
      AND k.file_version < p_file;
END $$;

GRANT EXECUTE ON FUNCTION api.rewrap_shred_keys TO upstander_worker;
