-- The second person's word on an exclusion that would leave nobody. Refused, it stays on the duty.
CREATE OR REPLACE FUNCTION api.decide_wide_exclusion(p_exclusion uuid, p_agree boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    w mandated_wideexclusion%ROWTYPE;
BEGIN
    SELECT * INTO w FROM mandated_wideexclusion WHERE id = p_exclusion
        AND decided_at IS NULL FOR UPDATE;
    IF NOT FOUND OR p_agree IS NULL OR NOT mandated_may_decide(p_exclusion => p_exclusion) THEN
        RAISE EXCEPTION 'this is not theirs to decide' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE mandated_wideexclusion SET decided_by = api.scope_person(), agreed = p_agree,
        decided_at = date_trunc('second', api.clock_now()) WHERE id = p_exclusion;
    IF p_agree THEN
        PERFORM api.lock_matter(p_matter => w.matter_id);
        PERFORM matters_exclude_bound(p_matter => w.matter_id, p_district => w.district_id,
            p_marks => w.person_macs);
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.decide_wide_exclusion
    TO upstander_center, upstander_district, upstander_school;
