-- By an administrator: the address by which somebody signs in, in both places that know it.
CREATE OR REPLACE FUNCTION api.change_email(person bigint, address text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    IF NOT api.scope_is_admin() THEN
        RAISE EXCEPTION 'only an administrator' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE people_person p SET email = lower(address) WHERE p.id = person;
    DELETE FROM account_emailaddress e WHERE e.user_id = person;
    INSERT INTO account_emailaddress (user_id, email, verified, "primary")
    VALUES (person, lower(address), true, true);
    DELETE FROM people_staffsession s WHERE s.person_id = person;
END $$;

GRANT EXECUTE ON FUNCTION api.change_email TO upstander_admin;
