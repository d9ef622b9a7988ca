-- A change of what a letter rests on. It changes nothing before a second person has agreed
-- (api.decide_change); one waits at a time, for 30 days, as long as whoever proposed it is in
-- office.
CREATE OR REPLACE FUNCTION api.propose_change(p_proposal uuid, p_entry uuid, p_event uuid,
    p_happened date, p_kind text, p_outcome text, p_outcome_on date, p_keep date,
    p_strengths smallint[], p_indexes bytea[], p_found_by bytea, p_sealed bytea, p_reason bytea,
        p_sealed_event bytea,
    p_tell bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now timestamptz := date_trunc('second', api.clock_now());
    e register_entry%ROWTYPE := register_locked(p_entry => p_entry);
BEGIN
    UPDATE register_proposal SET state = 'lapsed', decided_at = now
        WHERE entry_id = p_entry AND state = 'waits'
          AND (expires_at <= now OR NOT register_keeps(p_person => person_id,
              p_district => district_id));
    INSERT INTO register_proposal (id, entry_id, district_id, number, person_id, at, expires_at,
        state, renames, happened_on, kind, outcome, outcome_on, keep_until, strengths,
            blind_indexes,
        found_by, sealed, reason)
    VALUES (p_proposal, p_entry, e.district_id,
        (SELECT coalesce(max(p.number), 0) + 1 FROM register_proposal p
            WHERE p.entry_id = p_entry),
        api.scope_person(), now, now + interval '30 days', 'waits',
        -- An account's blind index comes with the duty and stays: only names are corrected.
        (SELECT array_agg(b.blind_index ORDER BY b.blind_index)
            FROM unnest(p_strengths, p_indexes) AS n (strength, blind_index),
                LATERAL matters_bound(p_mac => n.blind_index, p_to => p_entry) AS b (blind_index)
            WHERE n.strength < 4)
        IS DISTINCT FROM
        (SELECT array_agg(m.blind_index ORDER BY m.blind_index) FROM register_blindindex m
            WHERE m.entry_id = p_entry AND m.strength < 4),
        p_happened, p_kind, p_outcome, p_outcome_on, p_keep, p_strengths, p_indexes,
        p_found_by, p_sealed, p_reason);
    PERFORM register_note(p_entry => p_entry, p_event => p_event, p_kind => 'asked',
        p_reason => '', p_sealed => p_sealed_event);
    PERFORM audit_record(p_actor_kind => 'staff', p_actor_id => api.scope_person(),
        p_action => 'register change proposed', p_subject_kind => 'register',
        p_subject_id => e.folder_id::text, p_district_id => e.district_id,
        p_matter_id => e.matter_id, p_detail => jsonb_build_object('proposal', p_proposal));
    PERFORM carriers_notify(p_people => p_tell, p_kind => 'register_change', p_detail => '{}');
END $$;

GRANT EXECUTE ON FUNCTION api.propose_change TO upstander_district, upstander_school;
