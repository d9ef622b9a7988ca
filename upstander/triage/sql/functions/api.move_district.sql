-- Does what whoever asks has just agreed to, as a supervisor of the center that gives it up:
-- another center serves a district, or tips that name no place come to it. Once: nothing came after
-- it.
CREATE OR REPLACE FUNCTION api.move_district(p_approval uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    a approvals_approval%ROWTYPE;
    center bigint;
BEGIN
    SELECT * INTO a FROM approvals_approval x WHERE x.id = p_approval
        AND x.kind = ANY ('{district_center,catch_all}'::text[])
        AND x.outcome = 'approved' AND x.decided_by = api.scope_person()
        AND NOT EXISTS (SELECT 1 FROM approvals_approval y WHERE y.kind = x.kind
            AND (x.kind = 'catch_all' OR y.district_id = x.district_id)
            AND y.outcome = ANY ('{approved,shares}'::text[]) AND y.decided_at > x.decided_at);
    SELECT split_part(a.value, ':', 1)::bigint INTO center FROM places_district d
        WHERE d.id = a.district_id AND (a.kind = 'catch_all' OR d.center_id = a.center_id);
    IF center IS NULL THEN
        RAISE EXCEPTION 'nobody agreed to it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM places_serve(p_district => a.district_id, p_center => center,
        p_catch_all => a.kind = 'catch_all');
END $$;

GRANT EXECUTE ON FUNCTION api.move_district TO upstander_center;
