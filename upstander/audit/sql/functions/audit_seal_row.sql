-- How a row stands after a change, for the record to seal; no digest: it is gone. Called by the
-- triggers of sealed tables (schema/sealed_rows.py), as the owner: whose login is the owner's too,
-- or may be it, is none of the product's processes.
CREATE OR REPLACE FUNCTION audit_seal_row(p_relation text, p_key text, p_digest bytea) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_rowseal (id, xid, relation, key, digest, by_hand, blind)
        VALUES (nextval('audit_entry_id_seq'), pg_current_xact_id()::text::bigint, p_relation,
            p_key, coalesce(p_digest, ''), pg_has_role(session_user, current_user, 'MEMBER'),
            gen_random_uuid());
END $$;
