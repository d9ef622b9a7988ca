-- One of a tip's secrets, sealed to the center that serves its district now: to its team, or, where
-- somebody must not see the tip, to one of its members by name.
CREATE OR REPLACE FUNCTION api.pass_on(p_move uuid, p_tip uuid, p_audience text, p_holder text,
    p_version integer, p_blob bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    m approvals_approval%ROWTYPE;
    t tips_tip%ROWTYPE;
BEGIN
    SELECT * INTO m FROM approvals_approval x WHERE x.id = p_move
        AND x.outcome = ANY ('{approved,shares}'::text[])
        AND x.kind = 'district_center' AND x.center_id = ANY (api.supervised_centers());
    SELECT * INTO t FROM tips_tip x WHERE x.id = p_tip AND x.district_id = m.district_id;
    IF t.id IS NULL OR NOT EXISTS (SELECT 1 FROM vault_grant g WHERE g.tip_id = t.id
            AND g.audience = p_audience AND g.holder = ANY ((SELECT api.scope_holders())::text[]))
        OR p_holder <> 'team:' || split_part(m.value, ':', 2) AND NOT (starts_with(p_holder, 'mac:')
            AND EXISTS (SELECT 1 FROM matters_exclusion b WHERE b.matter_id = t.matter_id)) THEN
        RAISE EXCEPTION 'not theirs to pass on' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM vault_grant_also(p_tip => t.id, p_district => t.district_id, p_audience => p_audience,
        p_handoff_id => t.id, p_holder => p_holder, p_version => p_version, p_blob => p_blob);
END $$;

GRANT EXECUTE ON FUNCTION api.pass_on TO upstander_center;
