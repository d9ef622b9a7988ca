-- Whose sessions have a tip by their own name, since a bar sealed it to persons: what they see,
-- their colleagues may not, and one of these never looks through for another in the live stream.
CREATE OR REPLACE FUNCTION api.live_named(p_hashes bytea[]) RETURNS SETOF bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.token_hash FROM places_staffsession s
    WHERE s.token_hash = ANY (p_hashes) AND EXISTS (
        SELECT 1 FROM tips_recipient y WHERE y.holder = 'mac:' || encode(s.person_mac, 'hex'))
$$;

GRANT EXECUTE ON FUNCTION api.live_named TO upstander_signin;
