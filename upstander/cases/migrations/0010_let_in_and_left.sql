-- The office was granted the tip at its hand-off, together with the team that it was handed to. That team
-- has its own way in already, or has sent the tip back and sees it no more: so the office alone is let in.
-- Whom it was handed to, the alert says that was opened with it; where a bar seals it to persons, the
-- office's are the others.
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
      AND (EXISTS (SELECT 1 FROM places_team t
                   WHERE t.kind = 'district' AND 'team:' || t.id = g.holder)
           OR (g.holder LIKE 'mac:%' AND NOT (g.holder = ANY (
               SELECT unnest(h.holders) FROM escalations_alert h
               WHERE h.id = (SELECT s.id FROM escalations_alert s
                             WHERE s.subject_id = a.subject_id AND s.stage = 'school'
                               AND s.holders::text[] <@ ARRAY(
                                   SELECT c.holder::text FROM vault_grant c
                                   WHERE c.tip_id = g.tip_id AND c.audience = 'case'
                                     AND c.circle = g.circle)
                             ORDER BY s.opened_at DESC, s.id LIMIT 1)))))
    ON CONFLICT DO NOTHING;
    RETURN NULL;
END $$;

-- A team that sends a tip back sees it no more: also where it was handed to its members one by one, since
-- somebody is barred, and the one who sends it back can take away their own name alone.
CREATE FUNCTION cases_sent_back() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = OLD.tip_id AND t.state = 'returned') THEN
        DELETE FROM tips_recipient r
            WHERE r.tip_id = OLD.tip_id AND r.holder LIKE 'mac:%' AND r.holder = ANY (
                SELECT unnest(a.holders) FROM escalations_alert a WHERE a.id = (
                    SELECT l.id FROM escalations_alert l WHERE l.subject_id = OLD.tip_id
                      AND l.stage = 'school' AND OLD.holder = ANY (l.holders)
                    ORDER BY l.opened_at DESC, l.id LIMIT 1));
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION cases_sent_back() FROM PUBLIC;
CREATE TRIGGER cases_sent_back AFTER DELETE ON tips_recipient
    FOR EACH ROW WHEN (OLD.holder LIKE 'mac:%') EXECUTE FUNCTION cases_sent_back();

-- A counselor leaves the center, or is locked out: what they had claimed waits on the queue again, so that
-- whoever is asked about it now can claim it.
CREATE FUNCTION cases_claims_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    center bigint := (SELECT center_id FROM places_team WHERE id = OLD.team_id AND kind = 'center');
    claimed tips_tip%ROWTYPE;
BEGIN
    IF center IS NULL OR EXISTS (
        SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id AND t.kind = 'center'
        JOIN places_person p ON p.id = m.person_id AND p.is_active
        WHERE m.person_id = OLD.person_id AND t.center_id = center) THEN
        RETURN NULL;
    END IF;
    FOR claimed IN SELECT t.* FROM tips_tip t JOIN places_district d ON d.id = t.district_id
            WHERE t.claimed_by = OLD.person_id AND t.state = 'claimed' AND d.center_id = center
            ORDER BY t.id FOR UPDATE OF t LOOP
        UPDATE tips_tip SET state = 'new', claimed_by = NULL, claimed_at = NULL, changed_at = at,
            waiting_since = coalesce(waiting_since, at) WHERE id = claimed.id;
        INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id, matter_id,
            detail) VALUES ('system', 'tip put back', 'tip', claimed.id::text, claimed.district_id,
            claimed.matter_id, jsonb_build_object('left', OLD.person_id));
        PERFORM pg_notify('tips', claimed.id::text);
    END LOOP;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION cases_claims_left() FROM PUBLIC;
CREATE TRIGGER cases_claims_left AFTER DELETE ON places_membership
    FOR EACH ROW EXECUTE FUNCTION cases_claims_left();
