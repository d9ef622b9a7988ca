-- What is known of it, and what came of it. What was written before stays in its events.
CREATE OR REPLACE FUNCTION api.change_allegation(p_entry uuid, p_event uuid, p_happened date,
    p_kind text,
    p_disability boolean, p_restraint boolean, p_outcome text, p_outcome_on date, p_keep date,
    p_sealed bytea, p_sealed_event bytea, p_strengths smallint[], p_marks bytea[], p_tell bigint[])
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    e register_entry%ROWTYPE;
    new_marks boolean;
BEGIN
    SELECT * INTO e FROM register_entry WHERE id = p_entry FOR UPDATE;
    IF NOT FOUND OR NOT register_opens(p_entry) THEN
        RAISE EXCEPTION 'no such allegation' USING ERRCODE = 'no_data_found';
    END IF;
    -- An account's mark comes with the duty, and nobody takes it away: only names are corrected.
    SELECT EXISTS (SELECT 1 FROM unnest(p_marks) n (mark) WHERE NOT EXISTS (
        SELECT 1 FROM register_mark m WHERE m.entry_id = p_entry
            AND m.mark = n.mark)) INTO new_marks;
    DELETE FROM register_mark WHERE entry_id = p_entry AND strength < 4;
    INSERT INTO register_mark (entry_id, district_id, strength, mark)
        SELECT p_entry, e.district_id, n.strength, n.mark
        FROM unnest(p_strengths, p_marks) AS n (strength, mark) WHERE n.strength < 4
        ON CONFLICT (entry_id, mark) DO NOTHING;
    UPDATE register_entry SET happened_on = p_happened, kind = p_kind, disability = p_disability,
        restraint = p_restraint, outcome = p_outcome, outcome_on = p_outcome_on,
            keep_until = p_keep,
        dispose_by = NULL, sealed = p_sealed WHERE id = p_entry;
    PERFORM register_note(p_entry => p_entry, p_event => p_event,
        p_kind => CASE WHEN new_marks THEN 'named' ELSE 'changed' END, p_reason => '',
        p_sealed => p_sealed_event);
    IF new_marks THEN
        PERFORM register_tell(p_entry => p_entry, p_district => e.district_id,
            p_strengths => p_strengths, p_marks => p_marks, p_tell => p_tell);
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.change_allegation TO upstander_district, upstander_school;
