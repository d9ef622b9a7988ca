-- What has ended and has not gone. A tip stays as long as a case or a duty that came of it, and
-- whatever was life safety once is life safety here: by the rules of intake or the reporter's own
-- answers too, of which no assessment tells. There is no way down from it but two persons
-- (decisions_two_lower).
CREATE OR REPLACE FUNCTION retention_ended(p_kind text, p_district bigint, p_before timestamptz)
    RETURNS TABLE (subject uuid, school_id bigint, matter_id uuid, ended_at timestamptz,
        life boolean,
        disposition text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id, t.school_id, t.matter_id, t.changed_at,
        t.priority = 'life_safety' OR EXISTS (SELECT 1 FROM triage_assessment a
            WHERE a.tip_id = t.id AND a.priority = 'life_safety')
            OR EXISTS (SELECT 1 FROM decisions_secondopinion o
                WHERE o.tip_id = t.id AND o.kind = 'lower' AND o.state = 'agreed'),
        t.disposition::text
    FROM tips_tip t WHERE p_kind = 'tip' AND t.district_id = p_district AND t.state = 'closed'
        AND t.received_at < p_before AND t.changed_at < p_before
        AND NOT EXISTS (SELECT 1 FROM cases_casetip c WHERE c.tip_id = t.id
            AND EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = c.case_id))
        AND NOT EXISTS (SELECT 1 FROM mandated_duty d WHERE d.tip_id = t.id
            AND EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = d.folder_id))
    UNION ALL
    SELECT c.id, c.school_id, c.matter_id, c.closed_at, c.life_safety, c.disposition::text
    FROM cases_case c WHERE p_kind = 'case' AND c.district_id = p_district AND c.state = 'closed'
        AND c.closed_at < p_before
        AND NOT EXISTS (SELECT 1 FROM cases_caseaction a WHERE a.case_id = c.id
            AND a.ended_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM mandated_duty d WHERE d.case_id = c.id
            AND EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = d.folder_id))
    UNION ALL
    SELECT d.folder_id, d.school_id, d.matter_id, d.written_recorded_at, true, ''
    FROM mandated_duty d WHERE p_kind = 'duty' AND d.district_id = p_district
        AND d.first_at IS NOT NULL AND d.written_recorded_at < p_before
$$;
