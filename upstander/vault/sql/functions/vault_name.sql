-- The name under which something is granted in a row of `p_to`, a folder, tip or brief: a person's
-- code (`mac:`) is bound to it (`own:`), so that who holds one is not seen to hold another. A
-- team's name stays as it is.
CREATE OR REPLACE FUNCTION vault_name(p_holder text, p_to uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_holder LIKE 'mac:%'
        THEN 'own:' || encode(sha256(decode(substr(p_holder, 5), 'hex') || uuid_send(p_to)), 'hex')
        ELSE p_holder END
$$;
