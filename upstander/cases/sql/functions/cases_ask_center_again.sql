-- A tip that comes back (a school sends it back, or its reporter writes on after it was closed) is the
-- center's again: its own alert is open once more, and all of its policy's clock runs from now. A trigger,
-- because whoever moves the tip (a school, a reporter) has no right on the center's alert. Steps of a
-- policy that the alert follows no more stay history: a tip that two had lowered would otherwise ring by
-- its old, life-safety steps when a school sends it back.
CREATE OR REPLACE FUNCTION cases_ask_center_again() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    center_alert uuid;
BEGIN
    UPDATE escalations_alert SET state = 'open', acknowledged_by = NULL, acknowledged_at = NULL,
        next_step_due_at = NULL, idle_asked = false, priority = NEW.priority
        WHERE id = (SELECT a.id FROM escalations_alert a
                    WHERE a.subject_id = NEW.id AND a.stage = 'center'
                    ORDER BY a.opened_at, a.id LIMIT 1)
        RETURNING id INTO center_alert;
    UPDATE escalations_step
        SET state = 'due', due_at = at + make_interval(secs => after_seconds)
        WHERE alert_id = center_alert AND cause = 'policy' AND state IN ('due', 'cancelled');
    -- It may have another priority than when its steps were written: the worker looks.
    INSERT INTO escalations_news (subject_id, kind, at) VALUES (NEW.id, 'assessed', at);
    RETURN NULL;
END $$;
