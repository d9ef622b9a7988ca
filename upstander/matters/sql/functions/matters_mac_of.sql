-- The code in a name of a person by name alone; of a team's name none.
CREATE OR REPLACE FUNCTION matters_mac_of(p_holder text) RETURNS bytea
    LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT decode(substring(p_holder FROM '^mac:([0-9a-f]{64})$'), 'hex')
$$;
