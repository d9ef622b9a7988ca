CREATE OR REPLACE FUNCTION places_keep_sealed(team_holder text, item jsonb) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO vault_sealedkey (holder, version, member, member_version, blob, proof)
    VALUES (team_holder, (item->>'version')::int, item->>'member', (item->>'member_version')::int,
        decode(item->>'blob', 'hex'), decode(item->>'proof', 'hex'))
    ON CONFLICT (holder, version, member) DO UPDATE SET member_version = excluded.member_version,
        blob = excluded.blob, proof = excluded.proof
$$;
