-- The second person's word on a proposed change: with it the entry changes, in the same moment.
-- Whoever proposed it can only take it back. Whose other allegations there are, is found by the
-- blind indexes themselves, which whoever decides hands in: those that the proposal has, and no
-- others.
CREATE OR REPLACE FUNCTION api.decide_change(p_proposal uuid, p_event uuid, p_agree boolean,
    p_sealed_event bytea, p_indexes bytea[], p_tell bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now timestamptz := date_trunc('second', api.clock_now());
    me bigint := api.scope_person();
    e register_entry%ROWTYPE;
    p register_proposal%ROWTYPE;
    new_state text;
BEGIN
    SELECT * INTO e FROM register_locked(p_entry => (
        SELECT r.entry_id FROM register_proposal r WHERE r.id = p_proposal));
    SELECT * INTO p FROM register_proposal WHERE id = p_proposal FOR UPDATE;
    new_state := CASE WHEN p_agree THEN 'agreed' WHEN p.person_id = me THEN 'back'
        ELSE 'refused' END;
    -- Who may agree is said by the guard, to everybody.
    UPDATE register_proposal SET state = new_state, decided_by = me, decided_at = now
        WHERE id = p_proposal;
    PERFORM register_note(p_entry => p.entry_id, p_event => p_event, p_kind => new_state,
        p_reason => '', p_sealed => p_sealed_event);
    PERFORM audit_record(p_actor_kind => 'staff', p_actor_id => me,
        p_action => CASE new_state WHEN 'agreed' THEN 'register change agreed'
            WHEN 'back' THEN 'register change taken back' ELSE 'register change not agreed' END,
        p_subject_kind => 'register', p_subject_id => e.folder_id::text,
        p_district_id => e.district_id, p_matter_id => e.matter_id,
        p_detail => jsonb_build_object('proposal', p_proposal));
    IF new_state <> 'agreed' THEN
        RETURN;
    END IF;
    UPDATE register_entry SET happened_on = p.happened_on, kind = p.kind, outcome = p.outcome,
        outcome_on = p.outcome_on, keep_until = p.keep_until, sealed = p.sealed,
        found_by = p.found_by,
        change_number = p.number, dispose_by = NULL WHERE id = p.entry_id;
    DELETE FROM register_blindindex WHERE entry_id = p.entry_id AND strength < 4
        AND NOT (blind_index = ANY (p.blind_indexes));
    INSERT INTO register_blindindex (entry_id, district_id, strength, blind_index)
        SELECT p.entry_id, p.district_id, n.strength, n.blind_index
        FROM unnest(p.strengths, p.blind_indexes) AS n (strength, blind_index) WHERE n.strength < 4
        ON CONFLICT (entry_id, blind_index) DO UPDATE SET strength = excluded.strength
            WHERE register_blindindex.strength < 4;
    IF NOT p.renames THEN
        RETURN;
    ELSIF p.blind_indexes IS DISTINCT FROM ARRAY(
            SELECT matters_bound(p_mac => n.blind_index, p_to => p.entry_id)
            FROM unnest(p_indexes) WITH ORDINALITY AS n (blind_index, place) ORDER BY n.place) THEN
        RAISE EXCEPTION 'these are not its blind_indexes' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM register_tell(p_entry => p.entry_id, p_district => p.district_id,
        p_indexes => p_indexes,
        p_tell => p_tell);
END $$;

GRANT EXECUTE ON FUNCTION api.decide_change TO upstander_district, upstander_school;
