-- A move is signed or refused by a supervisor of the center that would give something up, or taken
-- back by an administrator. Signed, it takes effect in this transaction. Of two at once one wins.
CREATE OR REPLACE FUNCTION api.decide_move(p_move uuid, p_outcome text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    m triage_move%ROWTYPE;
BEGIN
    SELECT * INTO m FROM triage_move x WHERE x.id = p_move AND x.outcome = '' FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'nothing to decide' USING ERRCODE = 'no_data_found';
    END IF;
    IF NOT (p_outcome = 'withdrawn' AND api.scope_is_admin()
            OR p_outcome = ANY ('{signed,refused}'::text[])
            AND m.from_center_id = ANY (api.supervised_centers())) THEN
        RAISE EXCEPTION 'not theirs to decide' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE triage_move x SET outcome = p_outcome, decided_by = api.scope_person(),
        decided_at = date_trunc('second', api.clock_now()) WHERE x.id = p_move;
    IF p_outcome = 'signed' THEN
        PERFORM places_serve(p_district => m.district_id, p_center => m.to_center_id,
            p_catch_all => m.what = 'catch_all');
    END IF;
END $$;

GRANT EXECUTE ON FUNCTION api.decide_move TO upstander_admin, upstander_center;
