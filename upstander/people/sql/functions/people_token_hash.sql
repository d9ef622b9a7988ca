-- What the session behind this transaction is found by. The desk sets its token and, after a point,
-- the person's opaque code.
CREATE OR REPLACE FUNCTION people_token_hash() RETURNS bytea
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT sha256(convert_to(split_part(nullif(current_setting('upstander.token', true), ''),
        '.', 1), 'UTF8'))
$$;
