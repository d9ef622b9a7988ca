ALTER TABLE mandated_deadline ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandated_asked ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandated_confirmation ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandated_monthchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandated_tally ENABLE ROW LEVEL SECURITY;

-- ── A duty's clocks, as computed from its rule when they began ─────────────────────────────────────
DROP FUNCTION api.start_duty(uuid, uuid, text, text, timestamptz, uuid, uuid, timestamptz, uuid, bytea);
CREATE FUNCTION api.start_duty(p_duty uuid, p_folder uuid, p_rule_set text, p_rule text,
    p_cause timestamptz, p_tip uuid, p_case uuid, p_due timestamptz, p_remind timestamptz,
    p_hold boolean, p_event uuid, p_sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    f places_folder%ROWTYPE;
    subject text := coalesce(p_tip::text, p_case::text, '');
BEGIN
    SELECT * INTO f FROM places_folder WHERE id = p_folder AND kind = 'duty'
        AND opened_by = api.scope_person();
    IF NOT FOUND OR p_cause > at OR p_due IS NULL OR p_due <= p_cause THEN
        RAISE EXCEPTION 'this duty can''t be begun' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO mandated_duty (id, folder_id, person_id, district_id, school_id, matter_id, tip_id,
        case_id, rule_set, rule, cause_at, opened_at, month, first_due, matter_opened_at,
        matter_noted_at, first_way, remind_at, reminded)
    VALUES (p_duty, p_folder, f.opened_by, f.district_id, f.school_id, f.matter_id, p_tip,
        p_case, p_rule_set, p_rule, p_cause, at,
        (SELECT date_trunc('month', at AT TIME ZONE d.time_zone) FROM places_district d
         WHERE d.id = f.district_id),
        p_due,
        -- From the record, not from what anybody says: when its owner first opened the matter.
        (SELECT min(e.at) FROM audit_entry e WHERE e.subject_id = subject
            AND e.subject_kind IN ('tip', 'case') AND e.actor_id = f.opened_by
            AND e.action LIKE '%opened'),
        (SELECT min(e.at) FROM audit_entry e WHERE e.subject_id = subject
            AND e.subject_kind IN ('tip', 'case') AND e.actor_id = f.opened_by
            AND e.action LIKE '%note%'),
        '', p_remind, 0);
    INSERT INTO mandated_dutyevent (id, duty_id, district_id, number, kind, person_id, happened_at,
        at, sealed) VALUES (p_event, p_duty, f.district_id, 1, 'started', f.opened_by, p_cause, at,
        p_sealed);
    -- Report first, ask later: where the rule says so, questioning on this matter waits.
    IF p_hold THEN
        INSERT INTO places_matterhold (matter_id, by, since, passed_by)
            VALUES (f.matter_id, p_duty, at, '{}');
    END IF;
END $$;

DROP FUNCTION api.add_to_duty(uuid, uuid, text, timestamptz, text, boolean, timestamptz, bytea);
CREATE FUNCTION api.add_to_duty(p_duty uuid, p_event uuid, p_kind text, p_happened timestamptz,
    p_way text, p_flag boolean, p_remind timestamptz, p_sealed bytea,
    p_due timestamptz DEFAULT NULL) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    me bigint := api.scope_person();
    d mandated_duty%ROWTYPE;
    next_number integer;
BEGIN
    SELECT * INTO d FROM mandated_duty WHERE id = p_duty FOR UPDATE;
    IF NOT FOUND OR me IS NULL OR NOT (d.person_id = me OR api.holds_folder(d.folder_id)) THEN
        RAISE EXCEPTION 'no such duty' USING ERRCODE = 'no_data_found';
    END IF;
    -- Whoever else may see a duty can say that it was reported; nothing else, and it ends nothing.
    IF d.person_id <> me AND p_kind <> 'said' OR d.person_id = me AND p_kind = 'said'
       -- These have functions of their own.
       OR p_kind IN ('suspended', 'inquiry', 'met') THEN
        RAISE EXCEPTION 'this is for whose duty it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_happened > at OR (p_kind IN ('first', 'written') AND p_happened IS NULL)
       OR (p_kind = 'first' AND (d.first_at IS NOT NULL OR p_due IS NULL OR p_due <= p_happened))
       OR (p_kind = 'corrected' AND d.first_at IS NOT NULL
           AND (p_happened IS NULL OR p_due IS NULL OR p_due <= p_happened))
       OR (p_kind = 'written' AND (d.written_at IS NOT NULL OR d.first_at IS NULL)) THEN
        RAISE EXCEPTION 'this can''t be written down so' USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(max(number), 0) + 1 INTO next_number FROM mandated_dutyevent WHERE duty_id = p_duty;
    INSERT INTO mandated_dutyevent (id, duty_id, district_id, number, kind, person_id, happened_at,
        at, sealed) VALUES (p_event, p_duty, d.district_id, next_number, p_kind, me, p_happened, at,
        p_sealed);
    IF p_kind = 'emergent' THEN
        UPDATE mandated_duty SET emergent = p_flag WHERE id = p_duty;
    ELSIF p_kind = 'first' THEN
        UPDATE mandated_duty SET first_at = p_happened, first_recorded_at = at, first_way = p_way,
            accepted = p_flag, written_due = p_due, remind_at = p_remind WHERE id = p_duty;
        UPDATE places_matterhold SET lifted_at = at WHERE by = p_duty AND lifted_at IS NULL;
    ELSIF p_kind = 'questions' THEN
        UPDATE places_matterhold SET passed_by = passed_by || me WHERE by = p_duty;
    ELSIF p_kind = 'written' THEN
        UPDATE mandated_duty SET written_at = p_happened, written_recorded_at = at,
            remind_at = NULL WHERE id = p_duty;
    ELSIF p_kind = 'answer' THEN
        UPDATE mandated_duty SET accepted = p_flag WHERE id = p_duty;
    ELSIF p_kind = 'corrected' AND d.first_at IS NOT NULL THEN
        -- The time as first typed stays in its event; whoever reads the ledger sees both.
        UPDATE mandated_duty SET first_at = p_happened, written_due = p_due WHERE id = p_duty;
    END IF;
    RETURN next_number;
END $$;

-- As before, with what was computed: a due time changes with the report that it runs from, or never.
CREATE OR REPLACE FUNCTION mandated_duty_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.folder_id, NEW.person_id, NEW.district_id, NEW.school_id, NEW.matter_id,
        NEW.tip_id, NEW.case_id, NEW.rule_set, NEW.rule, NEW.cause_at, NEW.opened_at, NEW.month,
        NEW.first_due, NEW.matter_opened_at, NEW.matter_noted_at)
       IS DISTINCT FROM
       (OLD.id, OLD.folder_id, OLD.person_id, OLD.district_id, OLD.school_id, OLD.matter_id,
        OLD.tip_id, OLD.case_id, OLD.rule_set, OLD.rule, OLD.cause_at, OLD.opened_at, OLD.month,
        OLD.first_due, OLD.matter_opened_at, OLD.matter_noted_at) THEN
        RAISE EXCEPTION 'whose a duty is and since when stays' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- A report counts by its event, and a duty that is open keeps its next reminder.
    IF NEW.first_at IS DISTINCT FROM OLD.first_at AND NOT EXISTS (
           SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.id
           AND e.kind IN ('first', 'corrected') AND e.happened_at = NEW.first_at
           AND e.person_id = NEW.person_id)
       OR NEW.written_at IS DISTINCT FROM OLD.written_at AND NOT EXISTS (
           SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.id AND e.kind = 'written'
           AND e.happened_at = NEW.written_at AND e.person_id = NEW.person_id)
       OR NEW.written_due IS DISTINCT FROM OLD.written_due
          AND (NEW.first_at IS NULL OR NEW.first_at IS NOT DISTINCT FROM OLD.first_at)
       OR NEW.written_at IS NULL AND NEW.remind_at IS NULL THEN
        RAISE EXCEPTION 'only its owner''s report ends a duty' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;

-- ── What falls due later, and whose it is ──────────────────────────────────────────────────────────
-- Whether the session's person is, in a duty's district or school, what a later duty's owner must be, and
-- holds the duty. Where the superintendent is accused the duty is not theirs, and the chair stands in.
CREATE FUNCTION mandated_is(p_duty uuid, p_owner text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = p_duty AND (
        d.person_id = api.scope_person() AND p_owner = 'reporter'
        OR api.holds_folder(d.folder_id) AND EXISTS (
            SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id
            WHERE m.person_id = api.scope_person() AND t.kind = 'office'
              AND t.district_id = d.district_id AND (t.school_id IS NULL OR t.school_id = d.school_id)
              AND m.role = ANY (CASE p_owner
                  WHEN 'superintendent' THEN ARRAY['superintendent', 'board_chair']
                  WHEN 'head_of_school' THEN ARRAY['head_of_school', 'designee']
                  WHEN 'agency' THEN ARRAY['superintendent', 'board_chair', 'compliance_lead']
                  ELSE '{}' END))))
$$;

-- What an office knows first: that somebody was suspended, that an investigation has ended.
CREATE FUNCTION api.office_event(p_duty uuid, p_event uuid, p_kind text, p_happened timestamptz,
    p_sealed bytea) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    d mandated_duty%ROWTYPE;
    next_number integer;
BEGIN
    SELECT * INTO d FROM mandated_duty WHERE id = p_duty FOR UPDATE;
    IF NOT FOUND OR NOT (mandated_is(p_duty, 'agency')
       OR p_kind = 'inquiry' AND mandated_is(p_duty, 'head_of_school')) THEN
        RAISE EXCEPTION 'no such duty' USING ERRCODE = 'no_data_found';
    END IF;
    IF p_kind NOT IN ('suspended', 'inquiry') OR p_happened IS NULL OR p_happened > at THEN
        RAISE EXCEPTION 'this can''t be written down so' USING ERRCODE = 'check_violation';
    END IF;
    SELECT max(number) + 1 INTO next_number FROM mandated_dutyevent WHERE duty_id = p_duty;
    INSERT INTO mandated_dutyevent (id, duty_id, district_id, number, kind, person_id, happened_at,
        at, sealed) VALUES (p_event, p_duty, d.district_id, next_number, p_kind,
        api.scope_person(), p_happened, at, p_sealed);
    RETURN next_number;
END $$;

-- A deadline hangs on an event that its writer has just written down, and runs from it. The first counts.
CREATE FUNCTION api.open_deadline(p_id uuid, p_event uuid, p_key text, p_owner text,
    p_due timestamptz, p_remind timestamptz) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO mandated_deadline (id, duty_id, district_id, key, owner, since, due_at, remind_at,
        reminded)
        SELECT p_id, e.duty_id, e.district_id, p_key, p_owner, e.happened_at, p_due, p_remind, 0
        FROM mandated_dutyevent e WHERE e.id = p_event AND e.person_id = api.scope_person()
          AND e.kind IN ('first', 'suspended', 'inquiry') AND e.happened_at < p_due
          AND p_remind IS NOT NULL
        ON CONFLICT (duty_id, key) DO NOTHING;
    RETURN FOUND;
END $$;

CREATE FUNCTION api.meet_deadline(p_deadline uuid, p_event uuid, p_happened timestamptz,
    p_sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    l mandated_deadline%ROWTYPE;
    next_number integer;
BEGIN
    SELECT * INTO l FROM mandated_deadline WHERE id = p_deadline FOR UPDATE;
    IF NOT FOUND OR NOT mandated_is(l.duty_id, l.owner) THEN
        RAISE EXCEPTION 'no such deadline' USING ERRCODE = 'no_data_found';
    END IF;
    IF l.met_at IS NOT NULL OR p_happened IS NULL OR p_happened > at OR p_happened < l.since THEN
        RAISE EXCEPTION 'this can''t be written down so' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM mandated_duty WHERE id = l.duty_id FOR UPDATE;
    SELECT max(number) + 1 INTO next_number FROM mandated_dutyevent WHERE duty_id = l.duty_id;
    INSERT INTO mandated_dutyevent (id, duty_id, district_id, number, kind, person_id, happened_at,
        at, sealed) VALUES (p_event, l.duty_id, l.district_id, next_number, 'met',
        api.scope_person(), p_happened, at, p_sealed);
    UPDATE mandated_deadline SET met_at = p_happened, met_recorded_at = at,
        met_by = api.scope_person(), remind_at = NULL WHERE id = p_deadline;
END $$;

CREATE FUNCTION mandated_deadline_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.duty_id, NEW.district_id, NEW.key, NEW.owner, NEW.since, NEW.due_at)
       IS DISTINCT FROM
       (OLD.id, OLD.duty_id, OLD.district_id, OLD.key, OLD.owner, OLD.since, OLD.due_at)
       OR OLD.met_at IS NOT NULL AND (NEW.met_at, NEW.met_recorded_at, NEW.met_by)
          IS DISTINCT FROM (OLD.met_at, OLD.met_recorded_at, OLD.met_by)
       OR OLD.met_at IS NULL AND NEW.met_at IS NOT NULL AND NOT EXISTS (
          SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.duty_id AND e.kind = 'met'
          AND e.happened_at = NEW.met_at AND e.person_id = NEW.met_by)
       OR NEW.met_at IS NULL AND NEW.remind_at IS NULL THEN
        RAISE EXCEPTION 'what falls due stays due until it is met'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mandated_deadline_guard BEFORE UPDATE ON mandated_deadline
    FOR EACH ROW EXECUTE FUNCTION mandated_deadline_guard();
CREATE TRIGGER mandated_deadline_stays BEFORE DELETE OR TRUNCATE ON mandated_deadline
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();

-- ── "I suspect": who has opened the tip owes an answer ──────────────────────────────────────────────
CREATE FUNCTION mandated_answered() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_asked SET answered_at = NEW.at, remind_at = NULL
        WHERE tip_id = NEW.tip_id AND person_id = NEW.person_id AND answered_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER mandated_answered AFTER INSERT ON mandated_answer
    FOR EACH ROW EXECUTE FUNCTION mandated_answered();
CREATE FUNCTION mandated_asked_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.tip_id, NEW.matter_id, NEW.district_id, NEW.school_id, NEW.center, NEW.person_id,
        NEW.asked_at)
       IS DISTINCT FROM
       (OLD.id, OLD.tip_id, OLD.matter_id, OLD.district_id, OLD.school_id, OLD.center, OLD.person_id,
        OLD.asked_at)
       OR NEW.answered_at IS DISTINCT FROM OLD.answered_at AND NOT EXISTS (
          SELECT 1 FROM mandated_answer a WHERE a.tip_id = NEW.tip_id
          AND a.person_id = NEW.person_id AND a.at = NEW.answered_at)
       OR NEW.answered_at IS NULL AND NEW.remind_at IS NULL THEN
        RAISE EXCEPTION 'only their own answer ends the question'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mandated_asked_guard BEFORE UPDATE ON mandated_asked
    FOR EACH ROW EXECUTE FUNCTION mandated_asked_guard();
CREATE TRIGGER mandated_asked_stays BEFORE DELETE OR TRUNCATE ON mandated_asked
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();

-- How many have not answered, for whoever answers for them: a center's supervisor for all whom its tips
-- ask, a district's compliance lead for the teams of the district. Numbers alone, and none of a matter
-- that is kept from the reader.
CREATE FUNCTION api.unanswered()
    RETURNS TABLE (center boolean, district_id bigint, school_id bigint, people bigint,
                   oldest timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.center, a.district_id, a.school_id, count(*), min(a.asked_at) FROM mandated_asked a
    WHERE a.answered_at IS NULL AND NOT (a.matter_id = ANY (api.barred_matters()))
      AND EXISTS (SELECT 1 FROM places_person p WHERE p.id = a.person_id AND p.is_active)
      AND EXISTS (SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id
        WHERE m.person_id = api.scope_person() AND (
            m.role = 'center_supervisor' AND EXISTS (SELECT 1 FROM places_district d
                WHERE d.id = a.district_id AND d.center_id = t.center_id)
            OR m.role = 'compliance_lead' AND t.district_id = a.district_id AND NOT a.center))
    GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3
$$;

-- ── Figures: months of finished duties, kept for each reader, as of so many changes ────────────────
CREATE FUNCTION mandated_changed(p_district bigint, p_month date) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mandated_monthchange (district_id, month, changes) VALUES (p_district, p_month, 1)
    ON CONFLICT (district_id, month) DO UPDATE SET changes = mandated_monthchange.changes + 1
$$;
CREATE FUNCTION mandated_duty_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_changed(NEW.district_id, NEW.month);
    RETURN NULL;
END $$;
CREATE TRIGGER mandated_duty_changed AFTER UPDATE ON mandated_duty FOR EACH ROW
    WHEN (NEW.written_at IS NOT NULL AND (OLD.first_at, OLD.written_at, OLD.written_due)
          IS DISTINCT FROM (NEW.first_at, NEW.written_at, NEW.written_due))
    EXECUTE FUNCTION mandated_duty_changed();
-- Granted to one more, taken back, or kept from somebody: the figures of that month change at once.
CREATE FUNCTION mandated_grant_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_changed(d.district_id, d.month) FROM mandated_duty d
        WHERE d.folder_id = NEW.folder_id AND d.written_at IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER mandated_grant_changed AFTER INSERT OR UPDATE ON places_foldergrant
    FOR EACH ROW EXECUTE FUNCTION mandated_grant_changed();
CREATE FUNCTION mandated_bar_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_changed(x.district_id, x.month) FROM (
        SELECT DISTINCT d.district_id, d.month FROM mandated_duty d
        WHERE d.matter_id = coalesce(NEW.matter_id, OLD.matter_id) AND d.written_at IS NOT NULL
        ORDER BY 1, 2) AS x;
    RETURN NULL;
END $$;
CREATE TRIGGER mandated_bar_changed AFTER INSERT OR DELETE ON places_matterbar
    FOR EACH ROW EXECUTE FUNCTION mandated_bar_changed();

-- Where one span of time ends and the next begins (s): half hours to twelve hours, hours to two days,
-- three hours to three days, days to ten. ledger.py says the same.
CREATE FUNCTION mandated_edges() RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(e ORDER BY e) FROM (
        SELECT 1800 * generate_series(1, 24) UNION SELECT 3600 * generate_series(13, 48)
        UNION SELECT 10800 * generate_series(17, 24) UNION SELECT 86400 * generate_series(4, 10)
    ) AS edges (e)
$$;

-- Counts by place as a list without gaps: lists are added up in the same time, however full they are.
CREATE FUNCTION mandated_dense(p_first integer, p_last integer, p_counts jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_agg(coalesce((p_counts ->> i::text)::bigint, 0) ORDER BY i)
    FROM generate_series(p_first, p_last) AS i
$$;

-- The reader's months between two days: what is kept of one is made anew when the month has changed
-- since. One statement, one look at the database: a change that commits while it runs has a higher
-- number, and the month is made anew at the next reading.
CREATE FUNCTION api.ledger_months(p_from date, p_to date)
    RETURNS TABLE (month date, cells jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    me bigint := api.scope_person();
    watched bigint[] := api.monitor_districts();
    districts bigint[] := api.scope_districts() || watched;
    names text[] := ARRAY['person:' || me, 'mac:' || encode(api.scope_mac(), 'hex')];
    barred uuid[] := api.barred_matters();
    edges integer[] := mandated_edges();
BEGIN
    IF me IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO mandated_tally (person_id, district_id, month, changes, cells)
    SELECT me, c.district_id, c.month, c.changes, coalesce((
        WITH u AS MATERIALIZED (
            SELECT d.school_id, d.rule_set, d.rule, d.first_at > d.first_due AS late_first,
                d.written_at > d.written_due AS late_written,
                extract(epoch FROM d.first_at - d.first_due)::bigint AS first_over,
                extract(epoch FROM d.written_at - d.written_due)::bigint AS written_over,
                width_bucket(extract(epoch FROM d.first_at - d.cause_at)::integer, edges) AS first_in,
                width_bucket(extract(epoch FROM d.written_at - d.first_at)::integer, edges)
                    AS written_in
            FROM mandated_duty d
            WHERE d.district_id = c.district_id AND d.month = c.month AND d.written_at IS NOT NULL
              AND (d.person_id = me OR NOT (d.matter_id = ANY (barred)))
              AND (c.district_id = ANY (watched) OR EXISTS (
                  -- For good: what is shared until a day is in nobody's figures.
                  SELECT 1 FROM places_foldergrant g WHERE g.folder_id = d.folder_id
                    AND g.holder = ANY (names) AND g.withdrawn_at IS NULL AND g.until IS NULL))),
        h AS MATERIALIZED (
            SELECT u.school_id, u.rule_set, u.rule, x.kind, x.bucket, count(*) AS n FROM u,
                LATERAL (VALUES (0, u.first_in), (1, u.written_in)) AS x (kind, bucket)
            GROUP BY 1, 2, 3, 4, 5)
        SELECT jsonb_agg(jsonb_build_array(g.school_id, g.rule_set, g.rule, g.duties, g.in_time,
            g.first_late, g.written_late, g.first_over, g.written_over,
            mandated_dense(0, cardinality(edges), (SELECT jsonb_object_agg(h.bucket, h.n) FROM h
                WHERE h.kind = 0 AND h.school_id IS NOT DISTINCT FROM g.school_id
                  AND h.rule_set = g.rule_set AND h.rule = g.rule)),
            mandated_dense(0, cardinality(edges), (SELECT jsonb_object_agg(h.bucket, h.n) FROM h
                WHERE h.kind = 1 AND h.school_id IS NOT DISTINCT FROM g.school_id
                  AND h.rule_set = g.rule_set AND h.rule = g.rule))))
        FROM (SELECT u.school_id, u.rule_set, u.rule, count(*) AS duties,
                  count(*) FILTER (WHERE NOT u.late_first AND NOT u.late_written) AS in_time,
                  count(*) FILTER (WHERE u.late_first) AS first_late,
                  count(*) FILTER (WHERE u.late_written) AS written_late,
                  max(u.first_over) AS first_over, max(u.written_over) AS written_over
              FROM u GROUP BY 1, 2, 3) AS g), '[]')
    FROM mandated_monthchange c
    WHERE c.district_id = ANY (districts) AND c.month BETWEEN p_from AND p_to
      AND NOT EXISTS (SELECT 1 FROM mandated_tally t WHERE t.person_id = me
        AND t.district_id = c.district_id AND t.month = c.month AND t.changes = c.changes)
    ON CONFLICT (person_id, district_id, month) DO UPDATE
        SET changes = excluded.changes, cells = excluded.cells
        WHERE mandated_tally.changes < excluded.changes;
    RETURN QUERY SELECT t.month, t.cells FROM mandated_tally t
        WHERE t.person_id = me AND t.district_id = ANY (districts)
          AND t.month BETWEEN p_from AND p_to;
END $$;

-- ── Reading: lists, the record, a monitor ───────────────────────────────────────────────────────────
-- Whether the session's person may know of a duty that the record names, by its own id or its folder's.
CREATE OR REPLACE FUNCTION audit_proves_duty(p_subject text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p_subject ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' AND EXISTS (
        SELECT 1 FROM mandated_duty d
        WHERE (d.id = p_subject::uuid OR d.folder_id = p_subject::uuid)
          AND (d.person_id = api.scope_person() OR api.holds_folder(d.folder_id)
               OR d.district_id = ANY (api.monitor_districts())
                  AND NOT (d.matter_id = ANY (api.barred_matters()))))
$$;

DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        -- Asked of each row that a page shows, and of no more: a list of fifty among a million.
        EXECUTE format('ALTER POLICY seen_%s ON mandated_duty
            USING (person_id = (SELECT api.scope_person()) OR api.holds_folder(folder_id))', r);
        EXECUTE format('GRANT SELECT ON mandated_deadline TO %I', r);
        EXECUTE format('CREATE POLICY seen_%s ON mandated_deadline FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = duty_id))', r, r);
        EXECUTE format('GRANT SELECT, INSERT ON mandated_asked TO %I', r);
        EXECUTE format('GRANT USAGE ON SEQUENCE mandated_asked_id_seq TO %I', r);
        EXECUTE format('CREATE POLICY own_%s ON mandated_asked FOR SELECT TO %I
            USING (person_id = (SELECT api.scope_person()))', r, r);
        EXECUTE format('CREATE POLICY asks_%s ON mandated_asked FOR INSERT TO %I
            WITH CHECK (person_id = (SELECT api.scope_person()) AND answered_at IS NULL
                AND EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = mandated_asked.tip_id
                    AND t.matter_id = mandated_asked.matter_id
                    AND t.district_id = mandated_asked.district_id))', r, r);
        EXECUTE format('GRANT SELECT ON mandated_confirmation TO %I', r);
        EXECUTE format('CREATE POLICY staff_%s ON mandated_confirmation FOR SELECT TO %I
            USING ((SELECT api.scope_person()) IS NOT NULL)', r, r);
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.start_duty, api.add_to_duty, api.office_event,
            api.open_deadline, api.meet_deadline, api.unanswered TO %I', r);
        -- The record says of a duty only to those who may know of it: nobody else of the center, and
        -- no district's lead, learns that a report is owed on their superior.
        EXECUTE format('CREATE POLICY duties_%s ON audit_entry AS RESTRICTIVE FOR SELECT TO %I
            USING (CASE WHEN subject_kind = ''duty''
                   THEN actor_id = (SELECT api.scope_person()) OR audit_proves_duty(subject_id)
                   ELSE true END)', r, r);
        EXECUTE format('GRANT EXECUTE ON FUNCTION audit_proves_duty(text) TO %I', r);
    END LOOP;
END $$;
CREATE POLICY duties ON audit_entry FOR SELECT TO upstander_school
    USING (CASE WHEN subject_kind = 'duty' THEN audit_proves_duty(subject_id) ELSE false END);
GRANT EXECUTE ON FUNCTION api.ledger_months(date, date) TO upstander_school;

-- An administrator keeps the rules' facts, and adds up nothing.
GRANT SELECT, INSERT ON mandated_confirmation TO upstander_admin;
GRANT USAGE ON SEQUENCE mandated_confirmation_id_seq TO upstander_admin;
CREATE POLICY admin ON mandated_confirmation TO upstander_admin USING ((SELECT api.scope_is_admin()))
    WITH CHECK ((SELECT api.scope_is_admin()) AND person_id = (SELECT api.scope_person()));
CREATE TRIGGER mandated_confirmation_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON mandated_confirmation
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();

-- A monitor reads times and places of duties: not whose they are, nor of which tip.
GRANT SELECT (id, district_id, school_id, matter_id, rule_set, rule, cause_at, opened_at, month,
    first_due, emergent, first_way, first_at, first_recorded_at, accepted, written_due, written_at,
    written_recorded_at) ON mandated_duty TO upstander_monitor;
GRANT SELECT (id, duty_id, district_id, key, owner, since, due_at, met_at, met_recorded_at)
    ON mandated_deadline TO upstander_monitor;
GRANT SELECT ON mandated_confirmation, audit_entry TO upstander_monitor;
CREATE POLICY monitor ON mandated_duty FOR SELECT TO upstander_monitor
    USING (district_id = ANY ((SELECT api.monitor_districts())::bigint[])
           AND NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[])));
CREATE POLICY monitor ON mandated_deadline FOR SELECT TO upstander_monitor
    USING (EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = duty_id));
CREATE POLICY monitor ON mandated_confirmation FOR SELECT TO upstander_monitor
    USING ((SELECT api.scope_person()) IS NOT NULL);
CREATE POLICY monitor_reads ON audit_entry FOR SELECT TO upstander_monitor
    USING (CASE WHEN subject_kind = 'duty' THEN audit_proves_duty(subject_id) ELSE false END);
GRANT EXECUTE ON FUNCTION api.ledger_months(date, date), audit_proves_duty(text) TO upstander_monitor;

-- ── The worker reminds: whom, of what, and who sees a duty, by the opaque codes of its grants ───────
CREATE FUNCTION api.duty_holders(p_duties uuid[]) RETURNS TABLE (duty uuid, holder text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT d.id, g.holder FROM mandated_duty d
    JOIN places_foldergrant g ON g.folder_id = d.folder_id
    WHERE d.id = ANY (p_duties) AND g.withdrawn_at IS NULL
      AND (g.until IS NULL OR g.until > api.clock_now())
      AND NOT EXISTS (SELECT 1 FROM places_matterbar b WHERE b.matter_id = d.matter_id
                      AND 'mac:' || encode(b.person_mac, 'hex') = g.holder)
$$;
-- … and who of those that were asked may still know of the tip.
CREATE FUNCTION api.asked_bars(p_matters uuid[]) RETURNS TABLE (matter uuid, holder text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT b.matter_id, 'mac:' || encode(b.person_mac, 'hex') FROM places_matterbar b
    WHERE b.matter_id = ANY (p_matters)
$$;
GRANT UPDATE (offices_told_at) ON mandated_duty TO upstander_worker;
GRANT SELECT, UPDATE (remind_at, reminded) ON mandated_deadline, mandated_asked TO upstander_worker;
CREATE POLICY worker ON mandated_deadline TO upstander_worker USING (true) WITH CHECK (true);
CREATE POLICY worker ON mandated_asked TO upstander_worker USING (true) WITH CHECK (true);

REVOKE ALL ON FUNCTION api.start_duty, api.add_to_duty, api.office_event, api.open_deadline,
    api.meet_deadline, api.unanswered, api.ledger_months, api.duty_holders, api.asked_bars,
    mandated_is, mandated_edges, mandated_dense, mandated_changed, mandated_answered,
    mandated_duty_changed, mandated_grant_changed, mandated_bar_changed FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.duty_holders(uuid[]), api.asked_bars(uuid[]) TO upstander_worker;
