-- One of a tip's secrets, sealed to a further holder, who keeps the grant that they may have.
CREATE OR REPLACE FUNCTION vault_grant_also(
    p_tip uuid, p_district bigint, p_audience text, p_handoff_id uuid, p_holder text,
    p_version integer, p_blob bytea) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO vault_grant (tip_id, district_id, audience, handoff_id, holder, key_version, blob)
    VALUES (p_tip, p_district, p_audience, p_handoff_id, p_holder, p_version, p_blob)
    ON CONFLICT (tip_id, audience, handoff_id, holder) DO NOTHING
$$;
