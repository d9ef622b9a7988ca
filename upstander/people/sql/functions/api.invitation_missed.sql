CREATE OR REPLACE FUNCTION api.invitation_missed(link text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE people_invitation SET misses = misses + 1
    WHERE link_hash = sha256(convert_to(link, 'UTF8'))
$$;

GRANT EXECUTE ON FUNCTION api.invitation_missed TO upstander_signin;
