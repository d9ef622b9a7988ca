-- Who hears of a move: supervisors of both centers, the district's leads and its outside monitors.
-- To whom it may be told, by whoever asks or decides.
CREATE OR REPLACE FUNCTION api.told_of_move(p_move uuid)
    RETURNS TABLE (person_id bigint, email text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT p.id, p.email FROM approvals_approval m
    JOIN people_team t ON t.kind = 'center' AND t.center_id::text IN (m.center_id::text,
            split_part(m.value, ':', 1))
        OR t.kind = ANY ('{district,monitor}'::text[]) AND t.district_id = m.district_id
    JOIN people_membership s ON s.team_id = t.id
        AND s.role = ANY ('{center_supervisor,district_lead,monitor}'::text[])
        AND (s.until IS NULL OR s.until > api.clock_now())
    JOIN people_person p ON p.id = s.person_id AND p.is_active
    WHERE m.id = p_move AND m.kind = ANY ('{district_center,catch_all}'::text[])
        AND (api.scope_is_admin()
        OR m.center_id = ANY (api.supervised_centers()) OR session_user = current_user)
$$;

GRANT EXECUTE ON FUNCTION api.told_of_move TO upstander_admin, upstander_center;
