-- Reads a session by its token and marks it used (at most twice a minute). No row: signed out. What
-- a page asks for by itself marks no session as used, or the desk of somebody who has gone home
-- would stay open as long as others work. A membership that has ended gives nothing any more; one
-- whose team's key this sign-in doesn't open is told as such (`keyed`).
-- Whoever has left, and has a way in to their own reports, is in no team, and comes as that.
CREATE OR REPLACE FUNCTION api.staff_session(token text, touch boolean DEFAULT true)
    RETURNS TABLE (person_id bigint, kind text, sealed_seed bytea,
                   complete boolean, second_factor boolean, roles jsonb, started_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    found_hash bytea := sha256(convert_to(token, 'UTF8'));
BEGIN
    UPDATE people_staffsession s SET used_at = api.clock_now(),
        working_since = CASE WHEN s.used_at < api.clock_now() - interval '10 minutes'
            THEN api.clock_now() ELSE s.working_since END
    WHERE touch AND s.token_hash = found_hash
      AND s.used_at < api.clock_now() - interval '30 seconds'
      AND people_session_ends(s.started_at, s.used_at) > api.clock_now();
    RETURN QUERY
    SELECT s.person_id, s.kind::text, s.sealed_seed, s.complete,
        EXISTS (SELECT 1 FROM mfa_authenticator a
                WHERE a.user_id = s.person_id AND a.type IN ('totp', 'webauthn')),
        coalesce((SELECT jsonb_agg(jsonb_build_object('team', t.id, 'kind', t.kind,
            'role', m.role, 'center', t.center_id, 'district', t.district_id,
            'school', t.school_id, 'name', t.name, 'keyed', s.sealed_seed IS NOT NULL
                AND people_holds_key(t.id, s.person_id)) ORDER BY t.id)
            FROM people_membership m JOIN people_team t ON t.id = m.team_id
            WHERE m.person_id = s.person_id
              AND (m.until IS NULL OR m.until > api.clock_now())),
            CASE WHEN s.kind = 'former' AND people_way_in_open(p_person => s.person_id)
                 THEN '[{"team": 0, "kind": "former", "role": "former", "center": null,
                         "district": null, "school": null, "name": "Own reports",
                         "keyed": true}]'::jsonb
                 ELSE '[]'::jsonb END), s.started_at
    FROM people_staffsession s JOIN people_person p ON p.id = s.person_id AND p.is_active
    WHERE s.token_hash = found_hash
      AND people_session_ends(s.started_at, s.used_at) > api.clock_now();
END $$;

GRANT EXECUTE ON FUNCTION api.staff_session TO upstander_signin;
