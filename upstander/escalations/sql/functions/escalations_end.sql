-- A subject's alerts end, and nobody is asked about it any more, as end_alerts does in Python: for
-- what no person closes. Its tasks stay.
CREATE OR REPLACE FUNCTION escalations_end(p_subject uuid) RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    ended uuid[];
BEGIN
    SELECT array_agg(a.id) INTO ended FROM (SELECT x.id FROM escalations_alert x
        WHERE x.subject_id = p_subject AND x.state <> 'ended' ORDER BY x.id FOR UPDATE) a;
    IF ended IS NULL THEN
        RETURN;
    END IF;
    UPDATE escalations_alert SET state = 'ended', next_step_due_at = NULL, idle_asked = false
        WHERE id = ANY (ended);
    UPDATE escalations_step SET state = 'cancelled'
        WHERE alert_id = ANY (ended) AND state = 'due' AND cause <> 'task';
    UPDATE escalations_page SET state = 'cancelled'
        WHERE alert_id = ANY (ended) AND state = 'due' AND cause <> 'task';
    PERFORM api.carrier_close(ended);
END $$;
