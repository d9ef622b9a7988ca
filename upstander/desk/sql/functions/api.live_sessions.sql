-- Which of these sessions still stand, and how far each reaches. Asking marks none as used: a page
-- that merely stays open must not keep its person signed in. ``excluded``: there is a matter that
-- this person must not see, so what others see is never shown to them unasked. Their opaque codes
-- lie in no row: the desk, which makes them, hands them in.
CREATE OR REPLACE FUNCTION api.live_sessions(p_hashes bytea[], p_macs bytea[])
    RETURNS TABLE (token_hash bytea, districts bigint[], teams bigint[], excluded boolean,
                   seconds_left integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.token_hash,
        coalesce((SELECT array_agg(DISTINCT d.id ORDER BY d.id) FROM people_membership m
            JOIN people_team t ON t.id = m.team_id AND t.kind = s.kind
            JOIN places_district d ON d.id = t.district_id OR d.center_id = t.center_id
            WHERE m.person_id = s.person_id), '{}'),
        coalesce((SELECT array_agg(m.team_id ORDER BY m.team_id) FROM people_membership m
            WHERE m.person_id = s.person_id), '{}'),
        EXISTS (SELECT 1 FROM matters_exclusion b
                WHERE b.person_mac = matters_bound(h.mac, b.bound_to)),
        floor(extract(epoch FROM people_session_ends(s.started_at, s.used_at)
            - api.clock_now()))::integer
    FROM unnest(p_hashes, p_macs) AS h (hash, mac)
    JOIN people_staffsession s ON s.token_hash = h.hash
    JOIN people_person p ON p.id = s.person_id AND p.is_active
    WHERE s.complete
      AND people_session_ends(s.started_at, s.used_at) > api.clock_now()
      AND EXISTS (SELECT 1 FROM mfa_authenticator a
                  WHERE a.user_id = s.person_id AND a.type IN ('totp', 'webauthn'))
$$;

GRANT EXECUTE ON FUNCTION api.live_sessions TO upstander_signin;
