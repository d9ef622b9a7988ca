-- What was granted to somebody by name in some districts, once they have left.
CREATE OR REPLACE FUNCTION vault_forget_holder(p_holder text, p_districts bigint[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM vault_grant WHERE district_id = ANY (p_districts)
        AND holder LIKE 'own:%' AND holder = vault_name(p_holder => p_holder, p_to => tip_id)
$$;
