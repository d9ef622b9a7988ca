-- Which of the centers' staff were at work within a quarter of an hour. Answers supervisors only.
CREATE OR REPLACE FUNCTION api.center_presence() RETURNS TABLE (person_id bigint)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT s.person_id FROM places_staffsession s
    JOIN places_person p ON p.id = s.person_id AND p.is_active
    JOIN places_membership m ON m.person_id = s.person_id
    JOIN places_team t ON t.id = m.team_id AND t.kind = 'center'
    WHERE s.complete AND places_session_ends(s.started_at, s.used_at) > api.clock_now()
      AND t.center_id IN (SELECT st.center_id FROM places_membership sm
            JOIN places_team st ON st.id = sm.team_id AND st.kind = 'center'
            WHERE sm.person_id = api.scope_person() AND sm.role = 'center_supervisor')
$$;

GRANT EXECUTE ON FUNCTION api.center_presence TO upstander_center;
