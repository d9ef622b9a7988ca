-- A holder's key, sealed to a member. The bytes are in hex.
CREATE OR REPLACE FUNCTION vault_keep_sealed(p_holder text, p_item jsonb) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO vault_sealedkey (holder, version, member, member_version, blob, proof)
    VALUES (p_holder, (p_item->>'version')::int, p_item->>'member',
        (p_item->>'member_version')::int, decode(p_item->>'blob', 'hex'),
        decode(p_item->>'proof', 'hex'))
    ON CONFLICT (holder, version, member) DO UPDATE SET member_version = excluded.member_version,
        blob = excluded.blob, proof = excluded.proof
$$;
