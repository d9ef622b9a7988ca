-- Somebody who was shut out keeps a way in to what is theirs alone, with new credentials: the old
-- passphrase signs nobody in any more and the old second factor is gone, until a link is taken up.
CREATE OR REPLACE FUNCTION people_keep_way_in(p_person bigint) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO people_wayin (person_id, since, misses) VALUES (p_person, api.clock_now(), 0);
    UPDATE people_person SET password = '!' WHERE id = p_person;
    DELETE FROM mfa_authenticator a WHERE a.user_id = p_person;
END $$;
