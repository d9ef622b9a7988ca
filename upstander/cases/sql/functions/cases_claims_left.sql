-- A counselor leaves the center, or is locked out: what they had claimed waits on the queue again,
-- so that whoever is asked about it now can claim it.
CREATE OR REPLACE FUNCTION cases_claims_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    center bigint := (SELECT center_id FROM people_team WHERE id = OLD.team_id AND kind = 'center');
    claimed tips_tip%ROWTYPE;
BEGIN
    IF center IS NULL OR EXISTS (
        SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
            AND t.kind = 'center'
        JOIN people_person p ON p.id = m.person_id AND p.is_active
        WHERE m.person_id = OLD.person_id AND t.center_id = center) THEN
        RETURN NULL;
    END IF;
    FOR claimed IN SELECT t.* FROM tips_tip t JOIN places_district d ON d.id = t.district_id
            WHERE t.claimed_by = OLD.person_id AND t.state = 'claimed' AND d.center_id = center
            ORDER BY t.id FOR UPDATE OF t LOOP
        PERFORM tips_put_back(p_tip => claimed.id, p_at => at);
        PERFORM audit_record(p_actor_kind => 'system', p_action => 'tip put back',
            p_subject_kind => 'tip', p_subject_id => claimed.id::text,
            p_district_id => claimed.district_id, p_matter_id => claimed.matter_id,
            p_detail => jsonb_build_object('left', OLD.person_id));
        PERFORM pg_notify('tips', claimed.id::text);
    END LOOP;
    RETURN NULL;
END $$;
