-- Which of the centers' staff were at work within a quarter of an hour, and since when without a
-- break of ten minutes. Answers supervisors only.
CREATE OR REPLACE FUNCTION api.center_presence() RETURNS TABLE (person_id bigint,
    working_since timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.person_id, min(coalesce(s.working_since, s.started_at)) FROM people_staffsession s
    JOIN people_person p ON p.id = s.person_id AND p.is_active
    JOIN people_membership m ON m.person_id = s.person_id
    JOIN people_team t ON t.id = m.team_id AND t.kind = 'center'
    WHERE s.complete AND people_session_ends(s.started_at, s.used_at) > api.clock_now()
      AND t.center_id IN (SELECT st.center_id FROM people_posts() sm
            JOIN people_team st ON st.id = sm.team_id AND st.kind = 'center'
            WHERE sm.role = 'center_supervisor')
    GROUP BY s.person_id
$$;

GRANT EXECUTE ON FUNCTION api.center_presence TO upstander_center;
