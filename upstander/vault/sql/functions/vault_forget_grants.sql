-- What opens tips, for every audience of theirs.
CREATE OR REPLACE FUNCTION vault_forget_grants(p_tips uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM vault_grant WHERE tip_id = ANY (p_tips)
$$;
