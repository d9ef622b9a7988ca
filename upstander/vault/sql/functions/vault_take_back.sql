-- What was granted to one holder of these tips.
CREATE OR REPLACE FUNCTION vault_take_back(p_holder text, p_tips uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM vault_grant WHERE holder = p_holder AND tip_id = ANY (p_tips)
$$;
