-- False: somebody is at work on it; the next second tries again. As in cases_claims_left.
CREATE OR REPLACE FUNCTION api.put_back_excluded(p_tip uuid, p_person bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    claimed tips_tip%ROWTYPE;
BEGIN
    SELECT t.* INTO claimed FROM tips_tip t
        WHERE t.id = p_tip AND t.state = 'claimed' AND t.claimed_by = p_person
          AND EXISTS (SELECT 1 FROM matters_exclusion b WHERE b.matter_id = t.matter_id)
        FOR UPDATE OF t SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM tips_put_back(p_tip => claimed.id, p_at => at);
    -- They may have claimed it, and with it its alert, after the word of the exclusion was worked
    -- off.
    PERFORM escalations_tell(p_subject => claimed.id, p_kind => 'excluded', p_at => at);
    PERFORM audit_record(p_actor_kind => 'system', p_action => 'tip put back',
        p_subject_kind => 'tip', p_subject_id => claimed.id::text,
        p_district_id => claimed.district_id, p_matter_id => claimed.matter_id);
    PERFORM pg_notify('tips', claimed.id::text);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.put_back_excluded TO upstander_worker;
