-- When each of these people last did something with a tip at the desk since then: opened, claimed,
-- wrote, assessed. Not what they answered by phone or link, and not a page that loaded itself anew.
-- The worker, who reads no record, asks so that no phone rings beside a hand that is at work.
CREATE OR REPLACE FUNCTION api.acted_at_desk(p_people bigint[], p_since timestamptz)
    RETURNS TABLE (person_id bigint, acted_at timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT w.id, max(e.at)
    FROM unnest(p_people) AS w (id) CROSS JOIN LATERAL (
        -- A few of their last: whose page loads itself more often than that is rung.
        SELECT n.at, n.action, n.subject_kind, n.detail FROM audit_entry n
        WHERE n.actor_kind = 'staff' AND n.actor_id = w.id ORDER BY n.id DESC LIMIT 50) e
    WHERE e.subject_kind = 'tip' AND e.at >= p_since AND e.at <= api.clock_now()
      AND NOT e.detail ? 'via'
      AND NOT (e.action = 'tip opened' AND e.detail->>'purpose' = 'refresh')
    GROUP BY w.id
$$;

GRANT EXECUTE ON FUNCTION api.acted_at_desk TO upstander_worker;
