-- The address by which somebody signs in, in both places that know it. They are signed out.
CREATE OR REPLACE FUNCTION people_change_email(p_person bigint, p_address text) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE people_person p SET email = lower(p_address) WHERE p.id = p_person;
    DELETE FROM account_emailaddress e WHERE e.user_id = p_person;
    INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    VALUES (p_person, lower(p_address), true, true);
    DELETE FROM people_staffsession s WHERE s.person_id = p_person;
END $$;
