-- A locked alert goes on where it stood, its next step due now: what actions.reopen() does.
CREATE OR REPLACE FUNCTION escalations_reopen(p_alert uuid, p_at timestamptz) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE escalations_alert SET state = 'open', acknowledged_by = NULL, acknowledged_at = NULL,
        next_step_due_at = NULL, idle_asked = false WHERE id = p_alert;
    UPDATE escalations_page SET state = 'cancelled'
        WHERE alert_id = p_alert AND state = 'due' AND cause IN ('idle', 'news');
    UPDATE escalations_step s SET state = 'due', due_at = p_at + (s.due_at - (
            SELECT min(f.due_at) FROM escalations_step f WHERE f.alert_id = p_alert
              AND f.cause = 'policy' AND f.state IN ('due', 'cancelled')))
        WHERE s.alert_id = p_alert AND s.cause = 'policy' AND s.state IN ('due', 'cancelled');
$$;
