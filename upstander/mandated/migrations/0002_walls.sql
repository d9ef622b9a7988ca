-- A duty is its owner's. These functions write it, for the session's own person and for nobody else;
-- no role may insert, update or delete a row, and triggers say the same to the tables' owner.
ALTER TABLE mandated_duty ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandated_dutyevent ENABLE ROW LEVEL SECURITY;
ALTER TABLE mandated_answer ENABLE ROW LEVEL SECURITY;

CREATE FUNCTION api.start_duty(p_duty uuid, p_folder uuid, p_rule_set text, p_rule text,
    p_cause timestamptz, p_tip uuid, p_case uuid, p_remind timestamptz, p_event uuid, p_sealed bytea)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    f places_folder%ROWTYPE;
    subject text := coalesce(p_tip::text, p_case::text, '');
BEGIN
    SELECT * INTO f FROM places_folder WHERE id = p_folder AND kind = 'duty'
        AND opened_by = api.scope_person();
    IF NOT FOUND OR p_cause > at THEN
        RAISE EXCEPTION 'this duty can''t be begun' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO mandated_duty (id, folder_id, person_id, district_id, school_id, matter_id, tip_id,
        case_id, rule_set, rule, cause_at, opened_at, matter_opened_at, matter_noted_at, first_way,
        remind_at, reminded)
    VALUES (p_duty, p_folder, f.opened_by, f.district_id, f.school_id, f.matter_id, p_tip,
        p_case, p_rule_set, p_rule, p_cause, at,
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
    -- Report first, ask later: questioning on this matter waits for the report.
    INSERT INTO places_matterhold (matter_id, by, since, passed_by) VALUES (f.matter_id, p_duty, at, '{}');
END $$;

-- One thing that the owner did. What the event says is set in the duty's row with it.
CREATE FUNCTION api.add_to_duty(p_duty uuid, p_event uuid, p_kind text, p_happened timestamptz,
    p_way text, p_flag boolean, p_remind timestamptz, p_sealed bytea) RETURNS integer
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
    IF d.person_id <> me AND p_kind <> 'said' OR d.person_id = me AND p_kind = 'said' THEN
        RAISE EXCEPTION 'this is for whose duty it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_happened > at OR (p_kind IN ('first', 'written') AND p_happened IS NULL)
       OR (p_kind = 'first' AND d.first_at IS NOT NULL)
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
            accepted = p_flag, remind_at = p_remind WHERE id = p_duty;
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
        UPDATE mandated_duty SET first_at = p_happened WHERE id = p_duty;
    END IF;
    RETURN next_number;
END $$;

-- Said to the tables' owner too: what was written stays, and a duty's person and times are its own.
CREATE FUNCTION mandated_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a duty and what was done about it stay as they are'
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER mandated_duty_stays BEFORE DELETE OR TRUNCATE ON mandated_duty
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
CREATE TRIGGER mandated_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON mandated_dutyevent
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
CREATE TRIGGER mandated_answer_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON mandated_answer
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
CREATE FUNCTION mandated_duty_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.folder_id, NEW.person_id, NEW.district_id, NEW.school_id, NEW.matter_id,
        NEW.tip_id, NEW.case_id, NEW.rule_set, NEW.rule, NEW.cause_at, NEW.opened_at,
        NEW.matter_opened_at, NEW.matter_noted_at)
       IS DISTINCT FROM
       (OLD.id, OLD.folder_id, OLD.person_id, OLD.district_id, OLD.school_id, OLD.matter_id,
        OLD.tip_id, OLD.case_id, OLD.rule_set, OLD.rule, OLD.cause_at, OLD.opened_at,
        OLD.matter_opened_at, OLD.matter_noted_at) THEN
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
       OR NEW.written_at IS NULL AND NEW.remind_at IS NULL THEN
        RAISE EXCEPTION 'only its owner''s report ends a duty' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mandated_duty_guard BEFORE UPDATE ON mandated_duty
    FOR EACH ROW EXECUTE FUNCTION mandated_duty_guard();

DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        EXECUTE format('GRANT SELECT ON mandated_duty, mandated_dutyevent, mandated_answer TO %I', r);
        EXECUTE format('CREATE POLICY seen_%s ON mandated_duty FOR SELECT TO %I
            USING (person_id = (SELECT api.scope_person())
                   OR EXISTS (SELECT 1 FROM places_folder f WHERE f.id = mandated_duty.folder_id))',
            r, r);
        EXECUTE format('CREATE POLICY seen_%s ON mandated_dutyevent FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = duty_id))', r, r);
        -- An answer is read by who may open the tip and holds the seed it is sealed under.
        EXECUTE format('CREATE POLICY seen_%s ON mandated_answer FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = mandated_answer.tip_id))', r, r);
        EXECUTE format('GRANT INSERT ON mandated_answer TO %I', r);
        EXECUTE format('CREATE POLICY own_%s ON mandated_answer FOR INSERT TO %I
            WITH CHECK (person_id = (SELECT api.scope_person())
                        AND EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = mandated_answer.tip_id))',
            r, r);
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.start_duty, api.add_to_duty TO %I', r);
    END LOOP;
END $$;
-- The worker reminds: it knows whose a duty is and when it is due, and nothing of what it is about.
GRANT SELECT, UPDATE (remind_at, reminded) ON mandated_duty TO upstander_worker;
CREATE POLICY worker ON mandated_duty TO upstander_worker USING (true) WITH CHECK (true);
