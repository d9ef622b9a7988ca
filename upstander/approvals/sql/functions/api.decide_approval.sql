-- What was asked for is approved or refused by a supervisor of the center that decides, who neither
-- asked for it nor is let in by it, or taken back by an administrator. Of two at once one wins.
CREATE OR REPLACE FUNCTION api.decide_approval(p_approval uuid, p_outcome text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    a approvals_approval%ROWTYPE;
    who bigint := api.scope_person();
BEGIN
    SELECT * INTO a FROM approvals_approval x WHERE x.id = p_approval AND x.outcome = ''
        AND (p_outcome = 'withdrawn' OR x.lapses_at > api.clock_now()) FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing to decide' USING ERRCODE = 'no_data_found';
    END IF;
    IF p_outcome = 'withdrawn' AND api.scope_is_admin()
        OR p_outcome = ANY ('{approved,refused}'::text[]) AND a.asked_by <> who
        AND a.center_id = ANY (api.supervised_centers())
        AND NOT EXISTS (SELECT 1 FROM people_person p WHERE p.id = who
            AND lower(p.email) = lower(a.about)) THEN
        UPDATE approvals_approval x SET outcome = p_outcome, decided_by = who,
            decided_at = date_trunc('second', api.clock_now()) WHERE x.id = p_approval;
    ELSE
        RAISE EXCEPTION 'not theirs to decide' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.decide_approval TO upstander_admin, upstander_center;
