-- The second person's word on a bar that would leave nobody. Refused, it stays on the duty.
CREATE OR REPLACE FUNCTION api.decide_wide_bar(p_bar uuid, p_agree boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    w mandated_widebar%ROWTYPE;
BEGIN
    SELECT * INTO w FROM mandated_widebar WHERE id = p_bar AND decided_at IS NULL FOR UPDATE;
    IF NOT FOUND OR p_agree IS NULL OR NOT mandated_may_decide(p_bar => p_bar) THEN
        RAISE EXCEPTION 'this is not theirs to decide' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE mandated_widebar SET decided_by = api.scope_person(), agreed = p_agree,
        decided_at = date_trunc('second', api.clock_now()) WHERE id = p_bar;
    IF p_agree THEN
        PERFORM api.lock_matter(p_matter => w.matter_id);
        PERFORM places_bar_bound(p_matter => w.matter_id, p_district => w.district_id,
            p_marks => w.person_macs);
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.decide_wide_bar
    TO upstander_center, upstander_district, upstander_school;
