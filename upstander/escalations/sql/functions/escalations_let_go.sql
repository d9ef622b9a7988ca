-- Nobody has it any more. What was due stays as it stands until the worker lets it go on.
CREATE OR REPLACE FUNCTION escalations_let_go(p_alert uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE escalations_alert SET state = 'open', acknowledged_by = NULL, acknowledged_at = NULL,
        next_step_due_at = NULL, idle_asked = false WHERE id = p_alert
$$;
