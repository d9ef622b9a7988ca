-- One thing that the owner did. What the event says is set in the duty's row with it, and what
-- reminds of a report moves with a corrected time.
CREATE OR REPLACE FUNCTION api.add_to_duty(p_duty uuid, p_event uuid, p_kind text,
    p_happened timestamptz,
    p_way text, p_flag boolean, p_remind timestamptz, p_sealed bytea,
    p_due timestamptz DEFAULT NULL, p_whom boolean DEFAULT false, p_where boolean DEFAULT false)
    RETURNS integer
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
       OR p_kind IN ('suspended', 'inquiry', 'met', 'kept_out') THEN
        RAISE EXCEPTION 'this is for whose duty it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_happened > at OR (p_kind IN ('first', 'written') AND p_happened IS NULL)
       OR (p_kind = 'first' AND (d.first_at IS NOT NULL OR p_due IS NULL OR p_due <= p_happened))
       OR (p_kind = 'corrected' AND d.first_at IS NOT NULL
           AND (p_happened IS NULL OR p_due IS NULL OR p_due <= p_happened))
       OR (p_kind = 'redated' AND (p_happened IS NULL OR d.written_at IS NULL))
       OR (p_kind = 'written' AND (d.written_at IS NOT NULL OR d.first_at IS NULL)) THEN
        RAISE EXCEPTION 'this can''t be written down so' USING ERRCODE = 'check_violation';
    END IF;
    SELECT coalesce(max(number), 0) + 1 INTO next_number FROM mandated_dutyevent
        WHERE duty_id = p_duty;
    -- What proves a report is said in one of its events, sealed; that it was said stands in clear.
    INSERT INTO mandated_dutyevent (id, duty_id, district_id, number, kind, person_id, happened_at,
        at, sealed, says_whom, says_where) VALUES (p_event, p_duty, d.district_id, next_number,
        p_kind, me, p_happened, at, p_sealed, coalesce(p_whom AND p_kind IN ('first', 'answer',
        'proof'), false), coalesce(p_where AND p_kind IN ('written', 'proof'), false));
    IF p_kind = 'emergent' THEN
        UPDATE mandated_duty SET emergent = p_flag WHERE id = p_duty;
    ELSIF p_kind = 'first' THEN
        UPDATE mandated_duty SET first_at = p_happened, first_recorded_at = at, first_way = p_way,
            accepted = p_flag, written_due = p_due, remind_at = p_remind WHERE id = p_duty;
        PERFORM matters_lift_hold(p_by => p_duty, p_at => at);
        -- Questioning on what was opened waited for a report: this one, if it is to child
        -- protection.
        PERFORM matters_lift_hold(p_by => x.by, p_at => at) FROM (
            SELECT DISTINCT coalesce(a.tip_id, a.case_id) AS by FROM mandated_asked a
            WHERE mandated_protects(p_duty)
              AND a.matter_id IN (SELECT matters_same_matter(d.matter_id))) AS x;
    ELSIF p_kind = 'questions' THEN
        PERFORM matters_pass_hold(p_by => x.by, p_person => me) FROM (
            SELECT p_duty AS by UNION SELECT coalesce(a.tip_id, a.case_id) FROM mandated_asked a
            WHERE a.matter_id IN (SELECT matters_same_matter(d.matter_id))) AS x;
    ELSIF p_kind = 'written' THEN
        UPDATE mandated_duty SET written_at = p_happened, written_recorded_at = at,
            remind_at = NULL WHERE id = p_duty;
    ELSIF p_kind = 'redated' THEN
        -- As typed first it stays in its event; the server's own time stays as it is.
        UPDATE mandated_duty SET written_at = p_happened WHERE id = p_duty;
    ELSIF p_kind = 'unfiled' THEN
        PERFORM mandated_unread(p_duty => p_duty);
    ELSIF p_kind = 'answer' THEN
        -- Another answer that doesn't say whether it is accepted takes nothing back.
        UPDATE mandated_duty SET accepted = coalesce(p_flag, accepted) WHERE id = p_duty;
    ELSIF p_kind = 'corrected' AND d.first_at IS NOT NULL THEN
        -- The time as first typed stays in its event; whoever reads the ledger sees both. What
        -- reminds of a due time moves with it, or is late for it.
        UPDATE mandated_duty SET first_at = p_happened, written_due = p_due,
            remind_at = CASE WHEN d.written_at IS NULL THEN coalesce(p_remind, d.remind_at) END
            WHERE id = p_duty;
    END IF;
    IF (p_whom AND p_kind IN ('first', 'answer', 'proof')
        OR p_where AND p_kind IN ('written', 'proof')) THEN
        UPDATE mandated_duty SET
            says_whom = says_whom OR (p_whom AND p_kind IN ('first', 'answer', 'proof')),
            says_where = says_where OR (p_where AND p_kind IN ('written', 'proof'))
            WHERE id = p_duty;
    END IF;
    RETURN next_number;
END $$;

GRANT EXECUTE ON FUNCTION api.add_to_duty
    TO upstander_center, upstander_district, upstander_former, upstander_school;
