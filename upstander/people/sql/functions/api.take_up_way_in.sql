-- Uses a link to a way in up: its person may sign in again, with this password, for their own
-- reports alone. NULL when it is over; of two at once one wins.
CREATE OR REPLACE FUNCTION api.take_up_way_in(p_link text, p_password text) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    who bigint := api.way_in(p_link);
BEGIN
    UPDATE people_wayin SET used_at = api.clock_now(), link_hash = NULL
        WHERE person_id = who AND used_at IS NULL
          AND link_hash = sha256(convert_to(p_link, 'UTF8'));
    IF NOT FOUND THEN RETURN NULL; END IF;
    UPDATE people_person SET is_active = true, password = p_password WHERE id = who;
    DELETE FROM mfa_authenticator a WHERE a.user_id = who;
    DELETE FROM people_staffsession s WHERE s.person_id = who;
    RETURN who;
END $$;

GRANT EXECUTE ON FUNCTION api.take_up_way_in TO upstander_signin;
