-- Somebody in teams of two kinds acts in one of them at a time, and says in which. The kind chooses
-- only which policies apply; whose rows these give goes by memberships, as before.
CREATE OR REPLACE FUNCTION api.change_active_role(token text, p_kind text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH done AS (
        UPDATE people_staffsession s SET kind = p_kind
        WHERE s.token_hash = sha256(convert_to(token, 'UTF8')) AND s.complete
          AND people_session_ends(s.started_at, s.used_at) > api.clock_now()
          AND EXISTS (SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
                      WHERE m.person_id = s.person_id AND t.kind = p_kind
                        AND (m.until IS NULL OR m.until > api.clock_now()))
        RETURNING 1)
    SELECT EXISTS (SELECT 1 FROM done)
$$;

GRANT EXECUTE ON FUNCTION api.change_active_role TO upstander_signin;
