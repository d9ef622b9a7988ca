-- The office was granted the tip at its hand-off, together with the team that it was handed to,
-- since no worker could do it later; it may open the tip only once the escalation has come to it.
-- That team has its own way in already, or has sent the tip back and sees it no more: so the office
-- alone is let in. Whom it was handed to, the alert says that was opened with it; where an
-- exclusion seals it to persons, the office's are the others.
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
    PERFORM tips_let_in(p_tip => g.tip_id, p_district => g.district_id,
        p_holders => array_agg(g.holder::text ORDER BY g.id), p_since => a.opened_at)
    FROM escalations_alert a JOIN vault_grant g ON g.tip_id = a.subject_id AND g.audience = 'case'
    WHERE a.id = NEW.alert_id
      AND g.handoff_id = (SELECT l.handoff_id FROM vault_grant l
                      WHERE l.tip_id = a.subject_id AND l.audience = 'case'
                      ORDER BY l.id DESC LIMIT 1)
      AND (EXISTS (SELECT 1 FROM people_team t
                   WHERE t.kind = 'district' AND 'team:' || t.id = g.holder)
           OR (g.holder LIKE 'own:%' AND NOT (g.holder = ANY (
               SELECT unnest(h.holders) FROM escalations_alert h
               WHERE h.id = (SELECT s.id FROM escalations_alert s
                             WHERE s.subject_id = a.subject_id AND s.stage = 'school'
                               AND s.holders::text[] <@ ARRAY(
                                   SELECT c.holder::text FROM vault_grant c
                                   WHERE c.tip_id = g.tip_id AND c.audience = 'case'
                                     AND c.handoff_id = g.handoff_id)
                             ORDER BY s.opened_at DESC, s.id LIMIT 1)))))
    GROUP BY g.tip_id, g.district_id, a.opened_at;
    RETURN NULL;
END $$;
