-- Wrong words with a partner's link: the tenth destroy the copy.
CREATE OR REPLACE FUNCTION api.miss_partner(p_link text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE helplines_partner SET misses = misses + 1
    WHERE link_hash = sha256(convert_to(p_link, 'UTF8'));
    DELETE FROM helplines_partner
    WHERE link_hash = sha256(convert_to(p_link, 'UTF8')) AND misses >= 10
$$;

GRANT EXECUTE ON FUNCTION api.miss_partner TO upstander_signin;
