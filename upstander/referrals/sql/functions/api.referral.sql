-- What an agency may read of a referral, to whoever holds its link; NULL once the consent has
-- ended, was taken back, the family has closed it, or wrong words were tried too often.
CREATE OR REPLACE FUNCTION api.referral(p_link text) RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('id', r.id, 'wrapped', encode(r.wrapped, 'hex'), 'said', r.agency,
        'until', r.consent_until, 'service', s.record->>'name', 'privileged', s.confidential)
    FROM referrals_referral r JOIN directory_service s ON s.id = r.service_id
    WHERE r.link_hash = sha256(convert_to(p_link, 'UTF8')) AND r.consent_until > api.clock_now()
      AND r.misses < 10
$$;

GRANT EXECUTE ON FUNCTION api.referral TO upstander_signin;
