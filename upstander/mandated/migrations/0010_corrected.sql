-- As before, but that what reminds of a report moves with a corrected time.
CREATE OR REPLACE FUNCTION api.add_to_duty(p_duty uuid, p_event uuid, p_kind text, p_happened timestamptz,
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
        -- The time as first typed stays in its event; whoever reads the ledger sees both. What reminds of
        -- a due time moves with it, or is late for it.
        UPDATE mandated_duty SET first_at = p_happened, written_due = p_due,
            remind_at = CASE WHEN d.written_at IS NULL THEN coalesce(p_remind, d.remind_at) END
            WHERE id = p_duty;
    END IF;
    RETURN next_number;
END $$;

-- What falls due after the first report runs from it: an unmet one follows the time that its owner corrected
-- just now (the guard below asks for that correction). Returns whether there was one to move.
CREATE FUNCTION api.move_deadline(p_duty uuid, p_key text, p_due timestamptz, p_remind timestamptz)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_deadline l SET since = d.first_at, due_at = p_due, remind_at = p_remind, reminded = 0
        FROM mandated_duty d WHERE d.id = p_duty AND d.person_id = api.scope_person()
          AND l.duty_id = d.id AND l.key = p_key AND l.met_at IS NULL AND l.since <> d.first_at
          AND p_remind IS NOT NULL;
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION api.move_deadline FROM PUBLIC;
DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['center', 'school', 'district'] LOOP
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.move_deadline TO upstander_%s', r);
    END LOOP;
END $$;

-- As before, but that an unmet due time follows a correction of the report that it runs from.
CREATE OR REPLACE FUNCTION mandated_deadline_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF (NEW.id, NEW.duty_id, NEW.district_id, NEW.key, NEW.owner)
       IS DISTINCT FROM (OLD.id, OLD.duty_id, OLD.district_id, OLD.key, OLD.owner)
       -- Both move together, while it is unmet, from what the report's time was to what its owner says
       -- in a correction that was written down this second; or they stay.
       OR (NEW.since, NEW.due_at) IS DISTINCT FROM (OLD.since, OLD.due_at) AND (
          OLD.met_at IS NOT NULL OR NEW.since IS NOT DISTINCT FROM OLD.since OR NEW.due_at <= NEW.since
          OR NOT EXISTS (
             SELECT 1 FROM mandated_dutyevent e JOIN mandated_duty d ON d.id = e.duty_id
             WHERE e.duty_id = NEW.duty_id AND e.kind = 'corrected' AND e.person_id = d.person_id
               AND e.happened_at = NEW.since AND d.first_at = NEW.since
               AND e.at = date_trunc('second', api.clock_now())
               AND e.number = (SELECT max(o.number) FROM mandated_dutyevent o
                               WHERE o.duty_id = e.duty_id AND o.kind = 'corrected'))
          -- What hangs on another event than the first report doesn't follow it.
          OR NOT EXISTS (SELECT 1 FROM mandated_dutyevent e WHERE e.duty_id = NEW.duty_id
             AND e.kind IN ('first', 'corrected') AND e.happened_at = OLD.since))
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
