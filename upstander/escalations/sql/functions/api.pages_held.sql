-- Which pages of an alert wait because whoever they are for is at the desk or has just heard what
-- waits (escalations/held.py), and until when; for whoever may see the alert. Lines are the
-- worker's.
CREATE OR REPLACE FUNCTION api.pages_held(p_alert uuid)
    RETURNS TABLE (page_id uuid, held_until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id, l.held_until
    FROM escalations_page p
    JOIN escalations_alert a ON a.id = p.alert_id
    JOIN escalations_line l ON l.person_id = p.person_id AND l.channel = p.channel
    WHERE p.alert_id = p_alert AND p.state = 'due' AND p.due_at <= api.clock_now()
      AND l.held_until > api.clock_now()
      AND p.cause IN ('policy', 'task', 'unanswered', 'unread') AND p.turn <> 3
      -- Held for so long it is by a text that stands for all that waits; else by a hand at work.
      AND CASE WHEN l.channel IN ('sms', 'push')
                AND l.held_until > l.told_at + interval '5 minutes'
          THEN a.page = 'tips' AND a.acknowledged_by IS DISTINCT FROM p.person_id
               AND (p.turn = 2 OR api.page_counted(p_page => p, p_told_at => l.told_at))
          ELSE a.stage = 'center' AND a.acknowledged_by IS DISTINCT FROM p.person_id
           OR EXISTS (SELECT 1 FROM escalations_page s
                      WHERE s.alert_id = p.alert_id AND s.person_id = p.person_id
                        AND s.state <> 'cancelled' AND s.due_at <= l.told_at) END
      AND (a.holders::text[] && (SELECT api.scope_holders())
           OR a.district_id = ANY (api.center_districts()))
      AND NOT (a.matter_id = ANY (api.excluded_matters()))
$$;

GRANT EXECUTE ON FUNCTION api.pages_held
    TO upstander_center, upstander_school, upstander_district;
