-- Wrong words with a referral's link: ten of them end it.
CREATE OR REPLACE FUNCTION api.miss_referral(p_link text) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE referrals_referral SET misses = misses + 1
    WHERE link_hash = sha256(convert_to(p_link, 'UTF8'))
$$;

GRANT EXECUTE ON FUNCTION api.miss_referral TO upstander_signin;
