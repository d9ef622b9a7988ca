-- The name under which a folder or tip is granted: a person's code (`mac:`) is bound to it
-- (`own:`), so that who holds one is not seen to hold another. A team's name stays as it is.
CREATE OR REPLACE FUNCTION matters_name(p_holder text, p_to uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT vault_name(p_holder => p_holder, p_to => p_to)
$$;
