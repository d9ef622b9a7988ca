-- What an agency says of a referral whose link it holds; false once its link is over. Its answer
-- ends nothing: the family does. What whoever was hurt says to advocates is privileged, that they
-- came too: without their yes a confidential service says no more than that it got it.
CREATE OR REPLACE FUNCTION api.answer_referral(p_link text, p_said text, p_allowed boolean)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    told uuid;
BEGIN
    IF p_said <> 'got' AND NOT p_allowed AND EXISTS (
            SELECT 1 FROM referrals_referral r JOIN directory_service s ON s.id = r.service_id
            WHERE r.link_hash = sha256(convert_to(p_link, 'UTF8')) AND s.confidential) THEN
        RAISE EXCEPTION 'advocates tell it by the survivor''s yes alone'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE referrals_referral r SET agency = p_said,
        agency_at = date_trunc('second', api.clock_now()), silent_at = NULL, mailbox = NULL
    WHERE r.link_hash = sha256(convert_to(p_link, 'UTF8')) AND r.misses < 10
      AND r.consent_until > api.clock_now() RETURNING r.contact_id INTO told;
    IF told IS NULL THEN RETURN false; END IF;
    PERFORM audit_record(p_actor_kind => 'system', p_action => 'agency answered',
        p_subject_kind => 'contact', p_subject_id => f.id::text, p_district_id => f.district_id,
        p_matter_id => f.matter_id, p_detail => jsonb_build_object('said', p_said))
    FROM matters_folder f WHERE f.id = told;
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.answer_referral TO upstander_signin;
