-- The name under which a folder or tip is granted: a person's code (`mac:`) is bound to it
-- (`own:`), so that who holds one is not seen to hold another. A team's name stays as it is.
CREATE OR REPLACE FUNCTION places_name(p_holder text, p_to uuid) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN p_holder LIKE 'mac:%'
        THEN 'own:' || encode(places_bound(decode(substr(p_holder, 5), 'hex'), p_to), 'hex')
        ELSE p_holder END
$$;
