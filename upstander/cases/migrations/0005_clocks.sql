-- A tip that comes back is the center's again: its own alert is open once more, and all of its
-- policy's clock runs from now.
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
        WHERE alert_id = center_alert AND cause = 'policy' AND state <> 'done';
    -- It may have another priority than when its steps were written: the worker looks.
    INSERT INTO escalations_news (subject_id, kind, at) VALUES (NEW.id, 'assessed', at);
    RETURN NULL;
END $$;

-- The district's office may open a tip once the escalation has come to it: by a step that asks the
-- office, or because somebody of it was added.
CREATE OR REPLACE FUNCTION cases_is_office(p_target text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p_target = 'district' OR (p_target LIKE 'person:%' AND EXISTS (
        SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id
        WHERE t.kind = 'district' AND 'person:' || m.person_id = p_target))
$$;
CREATE OR REPLACE FUNCTION cases_open_access() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT cases_is_office(NEW.target) THEN
        RETURN NULL;
    END IF;
    -- Whoever works on the tip holds it and will want its alert, which the worker holds now: so the
    -- worker doesn't wait, but fails and comes again a second later.
    PERFORM 1 FROM tips_tip t JOIN escalations_alert a ON a.subject_id = t.id
        WHERE a.id = NEW.alert_id FOR KEY SHARE OF t NOWAIT;
    -- They read what the school reads: from the hand-off on, unless its own words were asked for.
    INSERT INTO tips_recipient (tip_id, district_id, holder, since, since_turn, with_words)
    SELECT g.tip_id, g.district_id, g.holder, a.opened_at,
        coalesce((SELECT max(r.since_turn) FROM tips_recipient r WHERE r.tip_id = g.tip_id),
                 2147483647),
        coalesce((SELECT bool_or(r.with_words) FROM tips_recipient r WHERE r.tip_id = g.tip_id),
                 false)
    FROM escalations_alert a JOIN vault_grant g ON g.tip_id = a.subject_id AND g.audience = 'case'
    WHERE a.id = NEW.alert_id
      AND g.circle = (SELECT l.circle FROM vault_grant l
                      WHERE l.tip_id = a.subject_id AND l.audience = 'case'
                      ORDER BY l.id DESC LIMIT 1)
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;
DROP TRIGGER IF EXISTS cases_open_access ON escalations_step;
CREATE TRIGGER cases_open_access AFTER UPDATE ON escalations_step
    FOR EACH ROW WHEN ((NEW.target = 'district' OR NEW.target LIKE 'person:%')
                       AND (NEW.round > OLD.round OR (NEW.state = 'done' AND OLD.state = 'due')))
    EXECUTE FUNCTION cases_open_access();

-- What is closed leaves no task behind. A trigger, since a school that closes sees none of them.
CREATE FUNCTION cases_drop_tasks() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE escalations_step s SET state = 'cancelled' FROM escalations_task t
        WHERE s.task_id = t.id AND t.subject_id = NEW.id AND s.state = 'due';
    UPDATE escalations_task SET state = 'dropped'
        WHERE subject_id = NEW.id AND state IN ('open', 'taken');
    RETURN NULL;
END $$;
CREATE TRIGGER cases_drop_tasks AFTER UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (NEW.state = 'closed' AND OLD.state <> 'closed')
    EXECUTE FUNCTION cases_drop_tasks();
