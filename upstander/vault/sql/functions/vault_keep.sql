-- The shred key of a new subject and, if it is a tip, what opens it for its first audiences.
CREATE OR REPLACE FUNCTION vault_keep(
    p_subject uuid, p_district bigint, p_file_version integer, p_file_mark bytea, p_wrapped bytea,
    p_audiences text[] DEFAULT '{}', p_handoff_id uuid DEFAULT NULL, p_holders text[] DEFAULT '{}',
    p_key_versions integer[] DEFAULT '{}', p_blobs bytea[] DEFAULT '{}') RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO vault_shredkey (subject, district_id, file_version, file_mark, wrapped)
        VALUES (p_subject, p_district, p_file_version, p_file_mark, p_wrapped);
    IF cardinality(p_audiences) > 0 THEN
        INSERT INTO vault_grant (tip_id, district_id, audience, handoff_id, holder, key_version,
            blob)
            SELECT p_subject, p_district, g.audience, p_handoff_id, g.holder, g.version, g.blob
            FROM unnest(p_audiences, p_holders, p_key_versions, p_blobs)
                AS g (audience, holder, version, blob);
    END IF;
END $$;
