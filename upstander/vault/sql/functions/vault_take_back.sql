-- What was granted to one holder of these tips.
CREATE OR REPLACE FUNCTION vault_take_back(p_holder text, p_tips uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM vault_grant WHERE tip_id = ANY (p_tips)
        AND holder = vault_name(p_holder => p_holder, p_to => tip_id)
$$;
