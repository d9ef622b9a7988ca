CREATE OR REPLACE FUNCTION api.start_duty(p_duty uuid, p_folder uuid, p_rule_set text, p_rule text,
    p_cause timestamptz, p_tip uuid, p_case uuid, p_due timestamptz, p_remind timestamptz,
    p_hold boolean, p_event uuid, p_sealed bytea, p_school_inquiry boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    f matters_folder%ROWTYPE;
    subject text := coalesce(p_tip::text, p_case::text, '');
BEGIN
    SELECT * INTO f FROM matters_folder WHERE id = p_folder AND kind = 'duty'
        AND opened_by = api.scope_person();
    IF NOT FOUND OR p_cause > at OR p_due IS NULL OR p_due <= p_cause
       OR p_due > p_cause + interval '1 year' THEN
        RAISE EXCEPTION 'this duty can''t be begun' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Whoever ends something of this matter waits for this report, or this one for the end.
    PERFORM api.lock_matter(p_matter => f.matter_id);
    INSERT INTO mandated_duty (id, folder_id, person_id, district_id, school_id, matter_id, tip_id,
        case_id, rule_set, rule, school_inquiry, cause_at, opened_at, month, first_due,
            matter_opened_at,
        matter_noted_at, first_way, remind_at, reminded)
    VALUES (p_duty, p_folder, f.opened_by, f.district_id, f.school_id, f.matter_id, p_tip,
        p_case, p_rule_set, p_rule, p_school_inquiry, p_cause, at,
        (SELECT date_trunc('month', at AT TIME ZONE d.time_zone) FROM places_district d
         WHERE d.id = f.district_id),
        p_due,
        -- From the record, not from what anybody says: when its owner first opened the matter.
        (SELECT min(e.at) FROM audit_entry e WHERE e.subject_id = subject
            AND e.subject_kind IN ('tip', 'case') AND e.actor_id = f.opened_by
            AND e.action = ANY (audit_acts(p_counts_as => 'opening')
                || audit_acts(p_counts_as => 'at work'))),
        (SELECT min(e.at) FROM audit_entry e WHERE e.subject_id = subject
            AND e.subject_kind IN ('tip', 'case') AND e.actor_id = f.opened_by
            AND e.action = ANY (audit_acts(p_counts_as => 'note'))),
        '', p_remind, 0);
    INSERT INTO mandated_dutyevent (id, duty_id, district_id, number, kind, person_id, happened_at,
        at, sealed) VALUES (p_event, p_duty, f.district_id, 1, 'started', f.opened_by, p_cause, at,
        p_sealed);
    -- Report first, ask later: where the rule says so, questioning on this matter waits.
    IF p_hold THEN
        PERFORM matters_hold(p_matter => f.matter_id, p_by => p_duty, p_at => at);
    END IF;
    -- The offices hold it by now, or none of them may.
    PERFORM mandated_unseen(p_duty => p_duty);
END $$;

GRANT EXECUTE ON FUNCTION api.start_duty TO upstander_center, upstander_district, upstander_school;
