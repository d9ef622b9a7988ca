-- The opaque code that the desk handed in with a session's token. Whether it is the person's own,
-- the session's row tells.
CREATE OR REPLACE FUNCTION people_token_mac() RETURNS bytea
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT decode(substring(current_setting('upstander.token', true) FROM '\.([0-9a-f]{64})$'),
        'hex')
$$;
