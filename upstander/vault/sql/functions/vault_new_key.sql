-- A holder's new public key. The unique constraint on (holder, version) refuses two renewals at
-- once.
CREATE OR REPLACE FUNCTION vault_new_key(p_holder text, p_version integer, p_public bytea,
    p_signature bytea) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO vault_holderkey (holder, version, public, signature, created_at)
        VALUES (p_holder, p_version, p_public, p_signature, api.clock_now())
$$;
