-- By an administrator: somebody lost the phone with their codes. They set up a new one at the next
-- sign-in, for which they need their password; no key comes of it.
CREATE OR REPLACE FUNCTION api.reset_second_factor(person bigint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_variable
BEGIN
    IF NOT api.scope_is_admin() THEN
        RAISE EXCEPTION 'only an administrator' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM mfa_authenticator a WHERE a.user_id = person;
    DELETE FROM people_staffsession s WHERE s.person_id = person;
END $$;

GRANT EXECUTE ON FUNCTION api.reset_second_factor TO upstander_admin;
