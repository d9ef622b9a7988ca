-- A person's new key, and its private half as they alone open it.
CREATE OR REPLACE FUNCTION vault_person_key(
    p_person bigint, p_version integer, p_public bytea, p_signature bytea, p_salt bytea,
    p_by_password bytea, p_by_recovery bytea) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM vault_new_key(p_holder => 'person:' || p_person, p_version => p_version,
        p_public => p_public, p_signature => p_signature);
    INSERT INTO vault_personkey (person_id, version, password_salt, by_password, by_recovery)
    VALUES (p_person, p_version, p_salt, p_by_password, p_by_recovery)
    ON CONFLICT (person_id) DO UPDATE SET version = excluded.version,
        password_salt = excluded.password_salt, by_password = excluded.by_password,
        by_recovery = excluded.by_recovery;
    -- What was sealed to an older key of theirs opens no more.
    DELETE FROM vault_sealedkey WHERE member = 'person:' || p_person AND member_version < p_version;
END $$;
