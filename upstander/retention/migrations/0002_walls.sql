-- What is due, what is held and how long a schedule keeps: seen by who keeps records where it lies and is
-- not barred from its matter. Things are listed and destroyed by functions alone.
ALTER TABLE retention_period ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention_hold ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention_item ENABLE ROW LEVEL SECURITY;
ALTER TABLE retention_leftover ENABLE ROW LEVEL SECURITY;

-- Whether the session's person keeps records at all; the hats are shared with others.
CREATE FUNCTION api.keeps_records() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM places_membership m WHERE m.person_id = api.scope_person()
        AND m.role IN ('center_supervisor', 'district_lead', 'administrator'))
$$;

-- The matters whose hold keeps a thing: its own, and where a case and its tips have several, each of them.
CREATE FUNCTION retention_matters(p_subject uuid, p_matter uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p_matter
    UNION SELECT t.matter_id FROM cases_casetip t WHERE t.case_id = p_subject
    UNION SELECT c.matter_id FROM cases_casetip t JOIN cases_case c ON c.id = t.case_id
        WHERE t.tip_id = p_subject
    UNION SELECT d.matter_id FROM mandated_duty d WHERE d.tip_id = p_subject OR d.case_id = p_subject
    UNION SELECT t.matter_id FROM mandated_duty d JOIN tips_tip t ON t.id = d.tip_id
        WHERE d.folder_id = p_subject
    UNION SELECT c.matter_id FROM mandated_duty d JOIN cases_case c ON c.id = d.case_id
        WHERE d.folder_id = p_subject
$$;
CREATE FUNCTION retention_held(p_district bigint, p_school bigint, p_subject uuid, p_matter uuid)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM retention_hold h
        WHERE h.lifted_at IS NULL AND (h.until IS NULL OR h.until > api.clock_now())
          AND h.district_id = p_district
          AND (h.matter_id IS NULL AND (h.school_id IS NULL OR h.school_id = p_school)
               OR h.matter_id IN (SELECT retention_matters(p_subject, p_matter))))
$$;

-- What has ended and has not gone. A tip stays as long as a case or a duty that came of it, and whatever
-- was life safety once is life safety here.
CREATE FUNCTION retention_ended(p_kind text, p_district bigint, p_before timestamptz)
    RETURNS TABLE (subject uuid, school_id bigint, matter_id uuid, ended_at timestamptz, life boolean,
        disposition text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.school_id, t.matter_id, t.changed_at,
        t.priority = 'life_safety' OR EXISTS (SELECT 1 FROM triage_assessment a
            WHERE a.tip_id = t.id AND a.priority = 'life_safety'), t.disposition::text
    FROM tips_tip t WHERE p_kind = 'tip' AND t.district_id = p_district AND t.state = 'closed'
        AND t.received_at < p_before AND t.changed_at < p_before
        AND NOT EXISTS (SELECT 1 FROM cases_casetip c WHERE c.tip_id = t.id
            AND EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = c.case_id))
        AND NOT EXISTS (SELECT 1 FROM mandated_duty d WHERE d.tip_id = t.id
            AND EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = d.folder_id))
    UNION ALL
    SELECT c.id, c.school_id, c.matter_id, c.closed_at, c.life_safety, c.disposition::text
    FROM cases_case c WHERE p_kind = 'case' AND c.district_id = p_district AND c.state = 'closed'
        AND c.closed_at < p_before
        AND NOT EXISTS (SELECT 1 FROM cases_caseaction a WHERE a.case_id = c.id AND a.ended_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM mandated_duty d WHERE d.case_id = c.id
            AND EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = d.folder_id))
    UNION ALL
    SELECT d.folder_id, d.school_id, d.matter_id, d.written_recorded_at, true, ''
    FROM mandated_duty d WHERE p_kind = 'duty' AND d.district_id = p_district
        AND d.first_at IS NOT NULL AND d.written_recorded_at < p_before
$$;

-- Lists what one rule says is due in one district; returns how many. The worker's.
CREATE FUNCTION api.list_due(p_kind text, p_rule text, p_district bigint, p_before timestamptz,
    p_life boolean, p_dispositions text[], p_except text[], p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    listed integer;
BEGIN
    IF p_district = api.probe_part('district') THEN
        RETURN 0;
    END IF;
    INSERT INTO retention_item (id, kind, subject, district_id, school_id, matter_id, rule, ended_at,
        listed_at, state)
    SELECT gen_random_uuid(), p_kind, e.subject, p_district, e.school_id, e.matter_id, p_rule,
        e.ended_at, date_trunc('second', api.clock_now()), 'due'
    FROM retention_ended(p_kind, p_district, p_before) e
    WHERE (p_life IS NULL OR e.life = p_life)
      AND (cardinality(p_dispositions) = 0 OR e.disposition = ANY (p_dispositions))
      AND NOT (e.disposition = ANY (p_except))
      AND EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = e.subject)
      AND NOT EXISTS (SELECT 1 FROM retention_item i WHERE i.subject = e.subject
                      AND i.state <> 'dropped')
      AND NOT retention_held(p_district, e.school_id, e.subject, e.matter_id)
    LIMIT p_limit
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS listed = ROW_COUNT;
    RETURN listed;
END $$;

-- Two persons, each in their own name; the second is another. An administrator, who sees nothing of what
-- it is about, doesn't propose. Whoever may see an item may stop it until it has gone.
CREATE FUNCTION retention_item_moves() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me bigint := api.scope_person();
    at timestamptz := date_trunc('second', api.clock_now());
BEGIN
    IF (NEW.id, NEW.kind, NEW.subject, NEW.district_id, NEW.school_id, NEW.matter_id, NEW.rule,
        NEW.ended_at, NEW.listed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.kind, OLD.subject, OLD.district_id, OLD.school_id, OLD.matter_id, OLD.rule,
        OLD.ended_at, OLD.listed_at) THEN
        RAISE EXCEPTION 'this of an item stays as it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (OLD.state, NEW.state) = ('due', 'proposed') THEN
        IF me IS NULL OR NOT api.keeps_records() OR NOT EXISTS (
            SELECT 1 FROM places_membership m WHERE m.person_id = me
            AND m.role IN ('center_supervisor', 'district_lead')) THEN
            RAISE EXCEPTION 'this is for who leads there' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.proposed_by := me;
        NEW.proposed_at := at;
        NEW.agreed_by := NULL;
    ELSIF (OLD.state, NEW.state) = ('proposed', 'agreed') THEN
        IF me IS NULL OR NOT api.keeps_records() OR me = OLD.proposed_by THEN
            RAISE EXCEPTION 'a second person must agree' USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.proposed_by := OLD.proposed_by;
        NEW.proposed_at := OLD.proposed_at;
        NEW.agreed_by := me;
        NEW.agreed_at := at;
    ELSIF OLD.state IN ('proposed', 'agreed') AND NEW.state = 'due'
          AND (me IS NULL OR api.keeps_records()) THEN
        NEW.proposed_by := NULL;
        NEW.proposed_at := NULL;
        NEW.agreed_by := NULL;
        NEW.agreed_at := NULL;
    ELSIF (OLD.state = 'agreed' AND NEW.state = 'gone' OR NEW.state = 'dropped') AND me IS NULL
          AND OLD.state <> 'gone' THEN
        NEW.agreed_by := OLD.agreed_by;
    ELSE
        RAISE EXCEPTION 'an item goes from due over proposed and agreed to gone'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retention_item_moves BEFORE UPDATE ON retention_item
    FOR EACH ROW EXECUTE FUNCTION retention_item_moves();
CREATE FUNCTION retention_item_born() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'due' OR NEW.proposed_by IS NOT NULL OR NEW.agreed_by IS NOT NULL THEN
        RAISE EXCEPTION 'an item begins as due' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER retention_item_born BEFORE INSERT ON retention_item
    FOR EACH ROW EXECUTE FUNCTION retention_item_born();

-- Destroys what opens one tip or folder, and empties what may be emptied; idempotent. What a trigger keeps
-- as it was written stays, and opens by nothing. Clear columns stay for the figures, and the record's
-- entries as every entry does. The owner's alone: disposal below, and a restore that replays tombstones.
CREATE FUNCTION retention_forget(p_subject uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    inner_one uuid := (SELECT inner_id FROM cases_case WHERE id = p_subject);
    duty uuid := (SELECT id FROM mandated_duty WHERE folder_id = p_subject);
BEGIN
    DELETE FROM vault_shredkey WHERE subject IN (p_subject, inner_one);
    DELETE FROM places_foldergrant WHERE folder_id IN (p_subject, inner_one);
    INSERT INTO retention_leftover (file)
        SELECT id FROM tips_attachment WHERE tip_id = p_subject
        UNION SELECT id FROM cases_caseitem WHERE case_id = p_subject AND kind = 'file'
        UNION SELECT id FROM written_evidence WHERE duty_id = duty
        ON CONFLICT DO NOTHING;
    DELETE FROM written_draft WHERE duty_id = duty;
    IF NOT EXISTS (SELECT 1 FROM tips_tip WHERE id = p_subject) THEN
        RETURN;
    END IF;
    DELETE FROM vault_grant WHERE tip_id = p_subject;
    DELETE FROM tips_returncode WHERE tip_id = p_subject;
    DELETE FROM tips_talk WHERE tip_id = p_subject;
    DELETE FROM tips_draft WHERE tip_id = p_subject;
    DELETE FROM tips_subjectmark WHERE tip_id = p_subject;
    DELETE FROM tips_subject WHERE tip_id = p_subject;
    DELETE FROM tips_attachment WHERE tip_id = p_subject;
    UPDATE tips_message SET sealed = '' WHERE tip_id = p_subject;
    UPDATE tips_note SET sealed = '' WHERE tip_id = p_subject;
    UPDATE tips_tip SET inbox_public = '', likeness = NULL WHERE id = p_subject;
    UPDATE cases_closing SET sealed = '' WHERE tip_id = p_subject;
    UPDATE cases_secondopinion SET sealed = '' WHERE tip_id = p_subject;
    DELETE FROM dispatch_briefkey WHERE brief_id IN (
        SELECT b.id FROM dispatch_brief b WHERE b.tip_id = p_subject);
    UPDATE dispatch_briefpage SET sealed = '', center_key = '' WHERE tip_id = p_subject;
    UPDATE dispatch_brief SET outcome_sealed = NULL WHERE tip_id = p_subject
        AND outcome_sealed IS NOT NULL;
    UPDATE dispatch_sheet SET sealed = '' WHERE tip_id = p_subject;
    UPDATE dispatch_rosteropening SET sealed = '' WHERE tip_id = p_subject;
END $$;

-- Destroys what two persons have agreed on a day ago; returns what went. Anything that was opened again, or
-- is held by now, stays. The worker's.
CREATE FUNCTION api.dispose_agreed(p_limit integer)
    RETURNS TABLE (kind text, subject uuid, district_id bigint, matter_id uuid, rule text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    i retention_item%ROWTYPE;
BEGIN
    FOR i IN SELECT * FROM retention_item WHERE state = 'agreed' AND agreed_at <= at - interval '1 day'
             ORDER BY agreed_at, id LIMIT p_limit FOR UPDATE SKIP LOCKED LOOP
        -- Nobody opens it again while it goes, and no hold is placed beside us unseen.
        LOCK TABLE retention_hold IN SHARE MODE;
        PERFORM 1 FROM tips_tip t WHERE t.id = i.subject FOR UPDATE;
        PERFORM 1 FROM cases_case c WHERE c.id = i.subject FOR UPDATE;
        IF retention_held(i.district_id, i.school_id, i.subject, i.matter_id) OR NOT EXISTS (
            SELECT 1 FROM retention_ended(i.kind, i.district_id, i.ended_at + interval '1 second') e
            WHERE e.subject = i.subject AND e.ended_at = i.ended_at) THEN
            UPDATE retention_item SET state = 'dropped' WHERE id = i.id;
            CONTINUE;
        END IF;
        PERFORM retention_forget(i.subject);
        UPDATE retention_item SET state = 'gone', gone_at = at WHERE id = i.id;
        INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id, matter_id,
            detail) VALUES ('system', 'disposed of', i.kind, i.subject::text, i.district_id,
            i.matter_id, jsonb_build_object('rule', i.rule, 'proposed_by', i.proposed_by,
                'agreed_by', i.agreed_by));
        RETURN QUERY SELECT i.kind::text, i.subject, i.district_id, i.matter_id, i.rule::text;
    END LOOP;
END $$;

-- What has been listed and was opened again, or is held, is due no more.
CREATE FUNCTION api.drop_not_due(p_limit integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    dropped integer;
BEGIN
    UPDATE retention_item SET state = 'dropped' WHERE id IN (
        SELECT i.id FROM retention_item i LEFT JOIN tips_tip t ON t.id = i.subject
            LEFT JOIN cases_case c ON c.id = i.subject
        WHERE i.state IN ('due', 'proposed', 'agreed')
          AND (t.state <> 'closed' OR t.changed_at <> i.ended_at OR c.state <> 'closed'
               OR retention_held(i.district_id, i.school_id, i.subject, i.matter_id)
               OR NOT EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = i.subject))
        LIMIT p_limit FOR UPDATE OF i SKIP LOCKED);
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END $$;

REVOKE ALL ON FUNCTION retention_matters, retention_held, retention_ended, retention_forget,
    api.list_due, api.dispose_agreed, api.drop_not_due, api.keeps_records FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.list_due, api.dispose_agreed, api.drop_not_due TO upstander_worker;
GRANT SELECT ON retention_period TO upstander_worker;
CREATE POLICY worker ON retention_period FOR SELECT TO upstander_worker USING (true);
GRANT SELECT, DELETE ON retention_leftover TO upstander_worker;
CREATE POLICY worker ON retention_leftover TO upstander_worker USING (true);

DO $$
DECLARE
    r text;
    mine text;
    barred text := 'matter_id = ANY ((SELECT api.barred_matters())::uuid[])';
BEGIN
    FOREACH r IN ARRAY ARRAY['center', 'district', 'admin'] LOOP
        mine := CASE r WHEN 'center' THEN 'district_id = ANY ((SELECT api.center_districts())::bigint[])'
            WHEN 'district' THEN 'district_id = ANY ((SELECT api.lead_districts())::bigint[])'
            ELSE 'true' END || ' AND (SELECT api.keeps_records())';
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.keeps_records() TO upstander_%s', r);
        EXECUTE format('GRANT SELECT ON retention_period TO upstander_%s', r);
        EXECUTE format('CREATE POLICY %I ON retention_period FOR SELECT TO upstander_%s USING (%s)',
            r, r, mine);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE (lifted_by, lifted_at)
            ON retention_hold TO upstander_%s', r);
        EXECUTE format('CREATE POLICY %I ON retention_hold TO upstander_%s
            USING (%s AND (matter_id IS NULL OR NOT %s)) WITH CHECK (%s
                AND (matter_id IS NULL OR NOT %s))', r, r, mine, barred, mine, barred);
        EXECUTE format('CREATE POLICY own_%s ON retention_hold AS RESTRICTIVE FOR INSERT
            TO upstander_%s WITH CHECK (placed_by = (SELECT api.scope_person())
                AND lifted_at IS NULL)', r, r);
        EXECUTE format('CREATE POLICY own_lift_%s ON retention_hold AS RESTRICTIVE FOR UPDATE
            TO upstander_%s USING (lifted_at IS NULL)
            WITH CHECK (lifted_by = (SELECT api.scope_person()))', r, r);
        EXECUTE format('GRANT SELECT, UPDATE (state) ON retention_item TO upstander_%s', r);
    END LOOP;
END $$;
-- A center sees of its tips alone what is due; a district's lead what has reached the district and what its
-- schools and offices keep; an administrator that something is due, and nothing of it.
CREATE POLICY center ON retention_item TO upstander_center
    USING ((SELECT api.keeps_records()) AND kind = 'tip'
           AND EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = subject));
CREATE POLICY district ON retention_item TO upstander_district
    USING ((SELECT api.keeps_records()) AND CASE WHEN kind = 'tip'
        THEN EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = subject)
        ELSE district_id = ANY ((SELECT api.lead_districts())::bigint[])
            AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])) END);
CREATE POLICY admin ON retention_item TO upstander_admin
    USING ((SELECT api.keeps_records())
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])));
-- The number of a schedule is the administrator's to set, as the state's rules are theirs to confirm.
GRANT INSERT ON retention_period TO upstander_admin;
GRANT USAGE ON SEQUENCE retention_period_id_seq TO upstander_admin;
CREATE POLICY admin_sets ON retention_period FOR INSERT TO upstander_admin
    WITH CHECK (set_by = (SELECT api.scope_person()) AND (SELECT api.keeps_records()));
