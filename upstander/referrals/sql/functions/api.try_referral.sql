-- Words tried with a referral's link: counted before they are looked at, taken back if right. Ten
-- that are wrong, or not yet known to be right, end it: NULL.
CREATE OR REPLACE FUNCTION api.try_referral(p_link text, p_came text) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    UPDATE referrals_referral SET misses = misses + CASE p_came WHEN 'try' THEN 1 ELSE -1 END
    WHERE link_hash = sha256(convert_to(p_link, 'UTF8'))
      AND (p_came = 'try' AND misses < 10 OR p_came = 'right' AND misses > 0)
    RETURNING true
$$;

GRANT EXECUTE ON FUNCTION api.try_referral TO upstander_signin;
