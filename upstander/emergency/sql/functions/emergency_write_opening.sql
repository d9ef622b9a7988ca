CREATE OR REPLACE FUNCTION emergency_write_opening(p_tip uuid, p_opening uuid, p_entry uuid,
    p_audience text,
                                       p_handoff_id uuid, p_sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    of_tip record;
    who bigint := api.scope_person();
    now_at timestamptz := date_trunc('second', api.clock_now());
BEGIN
    SELECT t.district_id, t.matter_id INTO of_tip FROM tips_tip t
        WHERE t.id = p_tip AND EXISTS (SELECT emergency_rosters_for(p_tip));
    IF of_tip.district_id IS NULL THEN
        RAISE EXCEPTION 'no roster for this tip now' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- A night's work needs a few; whoever needs more is not looking for one child. Counted one
    -- after the other, so that many at once are no way around it.
    PERFORM pg_advisory_xact_lock(hashtext('emergency_rosteropening'), who::integer);
    IF (SELECT count(*) FROM emergency_rosteropening o
        WHERE o.person_id = who AND o.at > now_at - interval '1 day') >= 40 THEN
        RAISE EXCEPTION 'too many looked up' USING ERRCODE = 'program_limit_exceeded';
    END IF;
    IF length(p_sealed) NOT BETWEEN 30 AND 5000 THEN
        RAISE EXCEPTION 'no reason' USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO emergency_rosteropening
        (id, tip_id, district_id, entry_id, person_id, at, audience, handoff_id, sealed)
        VALUES (p_opening, p_tip, of_tip.district_id, p_entry, who, now_at, p_audience,
            p_handoff_id,
                p_sealed);
    PERFORM audit_record(p_actor_kind => 'staff', p_actor_id => who,
        p_action => CASE WHEN p_entry IS NULL THEN 'roster searched' ELSE 'home address opened' END,
        p_subject_kind => 'tip', p_subject_id => p_tip::text, p_district_id => of_tip.district_id,
        p_matter_id => of_tip.matter_id, p_detail => jsonb_build_object('opening', p_opening));
END $$;
