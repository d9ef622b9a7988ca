-- The worker asks agencies again that were told and say nothing (their mailbox, under the carriers'
-- key, goes with it); where that was done, it learns whom to tell. What it is about it never
-- learns.
CREATE OR REPLACE FUNCTION api.silent_agencies(p_limit integer, p_wait interval)
    RETURNS TABLE (referral uuid, mailbox bytea, made_by bigint)
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH due AS (
        SELECT r.id, r.mailbox, r.contact_id FROM referrals_referral r
        WHERE r.silent_at <= api.clock_now() ORDER BY r.silent_at, r.id LIMIT p_limit
        FOR UPDATE SKIP LOCKED),
    noted AS (
        SELECT audit_record(p_actor_kind => 'system', p_action => 'agency asked again',
            p_subject_kind => 'contact', p_subject_id => f.id::text,
            p_district_id => f.district_id, p_matter_id => f.matter_id,
            p_detail => jsonb_build_object('referral', due.id))
        FROM due JOIN matters_folder f ON f.id = due.contact_id WHERE due.mailbox IS NOT NULL),
    counted AS (SELECT count(*) AS n FROM noted)
    UPDATE referrals_referral r SET mailbox = NULL,
        silent_at = CASE WHEN due.mailbox IS NOT NULL THEN api.clock_now() + p_wait END
    FROM due, counted WHERE r.id = due.id RETURNING r.id, due.mailbox, r.made_by
$$;

GRANT EXECUTE ON FUNCTION api.silent_agencies TO upstander_worker;
