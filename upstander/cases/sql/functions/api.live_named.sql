-- Whose sessions have a tip by their own name, since an exclusion sealed it to persons: what they
-- see, their colleagues may not, and one of these never looks through for another in the live
-- stream.
CREATE OR REPLACE FUNCTION api.live_named(p_hashes bytea[], p_macs bytea[]) RETURNS SETOF bytea
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.token_hash FROM unnest(p_hashes, p_macs) AS h (hash, mac)
    JOIN people_staffsession s ON s.token_hash = h.hash
    WHERE EXISTS (SELECT 1 FROM vault_own_names(p_mac => h.mac) AS n (name)
                  JOIN tips_recipient y ON y.holder = n.name)
$$;

GRANT EXECUTE ON FUNCTION api.live_named TO upstander_signin;
