-- The worker's broom: what an agency may not read any more is destroyed. Returns of how many.
CREATE OR REPLACE FUNCTION api.end_consents() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH ended AS (
        UPDATE referrals_referral SET link_hash = NULL, wrapped = NULL, silent_at = NULL,
            mailbox = NULL
        WHERE wrapped IS NOT NULL AND (consent_until <= api.clock_now() OR misses >= 10)
        RETURNING 1)
    SELECT count(*) FROM ended
$$;

GRANT EXECUTE ON FUNCTION api.end_consents TO upstander_worker;
