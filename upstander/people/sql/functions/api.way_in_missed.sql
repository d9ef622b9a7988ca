-- A passphrase or code that was tried with a link to a way in and opens nothing; ten end the link.
CREATE OR REPLACE FUNCTION api.way_in_missed(p_link text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE people_wayin SET misses = misses + 1
    WHERE link_hash = sha256(convert_to(p_link, 'UTF8'))
$$;

GRANT EXECUTE ON FUNCTION api.way_in_missed TO upstander_signin;
