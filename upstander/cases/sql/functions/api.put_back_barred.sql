-- False: somebody is at work on it; the next second tries again. As in cases_claims_left.
CREATE OR REPLACE FUNCTION api.put_back_barred(p_tip uuid, p_person bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    claimed tips_tip%ROWTYPE;
BEGIN
    SELECT t.* INTO claimed FROM tips_tip t
        WHERE t.id = p_tip AND t.state = 'claimed' AND t.claimed_by = p_person
          AND EXISTS (SELECT 1 FROM places_matterbar b WHERE b.matter_id = t.matter_id)
        FOR UPDATE OF t SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE tips_tip SET state = 'new', claimed_by = NULL, claimed_at = NULL, changed_at = at,
        waiting_since = coalesce(waiting_since, at) WHERE id = claimed.id;
    -- They may have claimed it, and with it its alert, after the word of the bar was worked off.
    PERFORM escalations_tell(p_subject => claimed.id, p_kind => 'barred', p_at => at);
    INSERT INTO audit_entry (actor_kind, action, subject_kind, subject_id, district_id, matter_id,
        detail) VALUES ('system', 'tip put back', 'tip', claimed.id::text, claimed.district_id,
        claimed.matter_id, '{}');
    PERFORM pg_notify('tips', claimed.id::text);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.put_back_barred TO upstander_worker;
