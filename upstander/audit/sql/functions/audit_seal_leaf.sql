-- The leaf hash (RFC 6962, as of entries) of a sealed row's digest.
CREATE OR REPLACE FUNCTION audit_seal_leaf(p_seal audit_rowseal) RETURNS bytea
    LANGUAGE sql STABLE AS $$
    SELECT sha256('\x00'::bytea || convert_to(concat_ws(' ', p_seal.id, p_seal.xid, p_seal.relation,
        p_seal.key, encode(p_seal.digest, 'hex'), p_seal.by_hand, p_seal.blind), 'UTF8'))
$$;
