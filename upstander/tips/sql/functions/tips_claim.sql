-- Gives a tip that nobody has to somebody of its center who took its call: as a claim at the desk
-- does. What somebody has already stays theirs.
CREATE OR REPLACE FUNCTION tips_claim(p_tip uuid, p_person bigint) RETURNS boolean
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    UPDATE tips_tip SET state = 'claimed', claimed_by = p_person, claimed_at = at, changed_at = at
        WHERE id = p_tip AND (state = 'new' OR state = 'returned')
        RETURNING id, district_id, matter_id INTO of_tip;
    IF of_tip.id IS NULL THEN
        RETURN false;
    END IF;
    PERFORM audit_record(p_actor_kind => 'staff', p_action => 'tip claimed',
        p_subject_kind => 'tip', p_subject_id => of_tip.id::text,
        p_district_id => of_tip.district_id, p_matter_id => of_tip.matter_id,
        p_actor_id => p_person);
    RETURN true;
END $$;
