-- A tip that comes back (a school sends it back, or its reporter writes on after it was closed) is
-- the center's again: its first alert, the center's own, is open once more and its clock runs. A
-- trigger, because whoever moves the tip (a school, a reporter) has no right on the center's alert.
CREATE FUNCTION cases_ask_center_again() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    center_alert uuid;
BEGIN
    UPDATE escalations_alert SET state = 'open', acknowledged_by = NULL, acknowledged_at = NULL,
        next_step_due_at = NULL, priority = NEW.priority
        WHERE id = (SELECT a.id FROM escalations_alert a WHERE a.subject_id = NEW.id
                    AND EXISTS (SELECT 1 FROM places_team t WHERE t.kind = 'center'
                                AND 'team:' || t.id = ANY (a.holders))
                    ORDER BY a.opened_at, a.id LIMIT 1)
        RETURNING id INTO center_alert;
    UPDATE escalations_step
        SET state = 'due', due_at = at + make_interval(secs => coalesce(repeat_seconds, 0))
        WHERE alert_id = center_alert AND state <> 'done';
    RETURN NULL;
END $$;
CREATE TRIGGER cases_ask_center_again AFTER UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (NEW.state = 'returned' AND OLD.state <> 'returned')
    EXECUTE FUNCTION cases_ask_center_again();

-- A hand-off seals the seeds to the district's office too, since no worker could do it later; the
-- office may open the tip only once the escalation has come to it. That is what this opens: the
-- recipient's row, without which the office's grants can't be read.
CREATE FUNCTION cases_open_access() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
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
CREATE TRIGGER cases_open_access AFTER UPDATE ON escalations_step
    FOR EACH ROW WHEN (NEW.target = 'district'
                       AND (NEW.round > OLD.round OR (NEW.state = 'done' AND OLD.state = 'due')))
    EXECUTE FUNCTION cases_open_access();
DROP POLICY mine ON vault_grant;
CREATE POLICY mine ON vault_grant FOR SELECT TO upstander_district
    USING (holder = ANY ((SELECT api.scope_holders())::text[])
           AND EXISTS (SELECT 1 FROM tips_recipient y
                       WHERE y.tip_id = vault_grant.tip_id AND y.holder = vault_grant.holder));

-- A district's lead may step aside like everybody else.
GRANT SELECT, INSERT ON places_matterbar TO upstander_district;
CREATE POLICY recuse_district ON places_matterbar FOR INSERT TO upstander_district
    WITH CHECK (person_mac = (SELECT api.scope_mac()));

-- The record shows of a tip's entries only those of a tip that one may know of: a district's lead
-- learns nothing of what hasn't reached the district (it may be about them), and an entry written
-- before a tip was linked to a matter obeys that matter's bars all the same.
DROP POLICY center ON audit_entry;
DROP POLICY district ON audit_entry;
DROP POLICY school ON audit_entry;
CREATE POLICY center ON audit_entry FOR SELECT TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[])
           AND (matter_id IS NULL OR NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])))
           AND (subject_kind <> 'tip' OR EXISTS (SELECT 1 FROM tips_tip x
                WHERE x.id = CASE WHEN subject_kind = 'tip' THEN subject_id::uuid END)));
CREATE POLICY district ON audit_entry FOR SELECT TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[])
           AND (matter_id IS NULL OR NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])))
           AND (subject_kind <> 'tip' OR EXISTS (SELECT 1 FROM tips_tip x
                WHERE x.id = CASE WHEN subject_kind = 'tip' THEN subject_id::uuid END)));
CREATE POLICY school ON audit_entry FOR SELECT TO upstander_school
    USING (subject_kind = 'tip' AND EXISTS (SELECT 1 FROM tips_tip x
                WHERE x.id = CASE WHEN subject_kind = 'tip' THEN subject_id::uuid END));

-- An alert too is seen by a district's lead only once its tip has reached the district, or once they
-- were asked.
CREATE FUNCTION api.asked_alerts() RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(p.alert_id), '{}') FROM escalations_page p
    WHERE p.person_id = api.scope_person()
$$;
REVOKE ALL ON FUNCTION api.asked_alerts() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.asked_alerts() TO upstander_district;
ALTER POLICY district ON escalations_alert
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[])
           AND (subject_id IN (SELECT tip_id FROM tips_recipient)
                OR id = ANY ((SELECT api.asked_alerts())::uuid[]))
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])));

-- Everybody answers, proposes and decides in their own name; a district's lead only on what was
-- handed to them, since who can't read a reason doesn't decide on it.
CREATE POLICY own_name ON escalations_acknowledgement AS RESTRICTIVE FOR INSERT
    TO upstander_center, upstander_school, upstander_district
    WITH CHECK (person_id = (SELECT api.scope_person()));
CREATE POLICY own_name ON cases_secondopinion AS RESTRICTIVE FOR INSERT
    TO upstander_center, upstander_school, upstander_district
    WITH CHECK (proposed_by = (SELECT api.scope_person()) AND state = 'open');
CREATE POLICY own_decision ON cases_secondopinion AS RESTRICTIVE FOR UPDATE
    TO upstander_center, upstander_school, upstander_district
    USING (true) WITH CHECK (decided_by IS NULL OR decided_by = (SELECT api.scope_person()));
DO $$
DECLARE
    t text;
    handed text := 'tip_id IN (SELECT y.tip_id FROM tips_recipient y
                               WHERE y.holder = ANY ((SELECT api.scope_holders())::text[]))';
BEGIN
    FOREACH t IN ARRAY ARRAY['cases_closing', 'cases_secondopinion'] LOOP
        EXECUTE format('CREATE POLICY handed ON %I AS RESTRICTIVE FOR INSERT TO upstander_district
            WITH CHECK (%s)', t, handed);
        EXECUTE format('CREATE POLICY handed_too ON %I AS RESTRICTIVE FOR UPDATE
            TO upstander_district USING (%s)', t, handed);
    END LOOP;
END $$;

-- Two persons lower a life-safety tip, whoever asks and however.
CREATE FUNCTION cases_two_lower() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_secondopinion o
                   WHERE o.tip_id = NEW.id AND o.kind = 'lower' AND o.state = 'agreed'
                     AND o.to_priority = NEW.priority AND o.decided_by <> o.proposed_by
                     AND o.decided_at = date_trunc('second', api.clock_now())) THEN
        RAISE EXCEPTION 'a second person must agree to this' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cases_two_lower BEFORE UPDATE OF priority ON tips_tip
    FOR EACH ROW WHEN (OLD.priority = 'life_safety' AND NEW.priority <> 'life_safety')
    EXECUTE FUNCTION cases_two_lower();
