-- Word of what happened to a subject, for the worker, who does what follows from it (word.py,
-- sweeps.py). At once comes only what must not look otherwise until then: a tip that came back is
-- nobody's, and its priority (NULL: as it was) stands on its alerts. Whoever tells need not see
-- the alert: a school, a reporter and police don't.
--
-- What was answered stays with every alert of the subject, ended ones too: who answers on a closed
-- tip brings it back with what they answered. p_graver: what was decided about 911 before was
-- decided without it.
CREATE OR REPLACE FUNCTION escalations_tell(
    p_subject uuid, p_kind text, p_at timestamptz, p_priority text DEFAULT NULL,
    p_now boolean DEFAULT false, p_mandated boolean DEFAULT false, p_person bigint DEFAULT NULL,
    p_asks_911 boolean DEFAULT false, p_graver boolean DEFAULT false)
    RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    of_alert uuid;
BEGIN
    IF p_kind = 'returned' THEN
        SELECT a.id INTO of_alert FROM escalations_alert a
            WHERE a.subject_id = p_subject AND a.stage = 'center'
            ORDER BY a.opened_at, a.id LIMIT 1;
        PERFORM escalations_let_go(p_alert => of_alert);
    END IF;
    UPDATE escalations_alert a SET happening_now = a.happening_now OR p_now,
        asks_911 = a.asks_911 OR p_asks_911,
        graver_at = CASE WHEN p_graver THEN p_at ELSE a.graver_at END
        WHERE a.subject_id = p_subject AND (p_graver OR a.state = 'ended' AND (
            p_now AND NOT a.happening_now OR p_asks_911 AND NOT a.asks_911));
    IF p_kind IN ('assessed', 'returned') THEN
        UPDATE escalations_alert a SET priority = coalesce(p_priority, a.priority),
            happening_now = a.happening_now OR p_now, asks_911 = a.asks_911 OR p_asks_911,
            mandated = a.mandated OR p_mandated
            WHERE a.subject_id = p_subject AND a.state <> 'ended'
              AND (a.priority <> p_priority OR (p_now AND NOT a.happening_now)
                   OR (p_asks_911 AND NOT a.asks_911) OR (p_mandated AND NOT a.mandated));
        IF NOT (FOUND OR p_graver) AND p_kind = 'assessed' THEN
            RETURN;
        END IF;
    END IF;
    INSERT INTO escalations_news (subject_id, kind, at, person_id, alert_id)
        VALUES (p_subject, p_kind, p_at, p_person, of_alert);
END $$;
