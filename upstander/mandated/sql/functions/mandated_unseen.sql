-- A duty that nobody but its owner may see (all of the offices are accused, or depend on who is):
-- the district's outside monitors are told that there is one, and nothing of it.
CREATE OR REPLACE FUNCTION mandated_unseen(p_duty uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d mandated_duty%ROWTYPE;
BEGIN
    SELECT * INTO d FROM mandated_duty WHERE id = p_duty;
    -- Rows that open for nobody stand among the grants: one that counts is somebody's whose code is
    -- known here. Where none is, the monitors are told once too often.
    IF d.written_at IS NULL AND NOT EXISTS (SELECT 1 FROM matters_foldergrant g
        WHERE g.folder_id = d.folder_id AND (g.until IS NULL OR g.until > api.clock_now())
          AND (g.holder LIKE 'team:%' OR g.holder IN (
              SELECT 'own:' || encode(matters_bound(n, d.folder_id), 'hex')
              FROM matters_near_macs() AS n
              WHERE d.person_id <> api.scope_person() OR n <> api.scope_mac()))) THEN
        PERFORM carriers_notify(p_people => mandated_monitors(p_district => d.district_id),
            p_kind => 'duty_unseen', p_detail => '{}');
    END IF;
END $$;
