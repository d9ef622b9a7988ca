-- A holder's keys, as sealed to somebody who is a member no more.
CREATE OR REPLACE FUNCTION vault_drop_sealed(p_holder text, p_member text) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM vault_sealedkey WHERE holder = p_holder AND member = p_member
$$;
