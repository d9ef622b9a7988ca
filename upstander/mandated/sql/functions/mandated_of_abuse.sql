-- Whether a case is a matter of abuse: by its concern, by one of its tips, or since somebody was
-- asked or has begun a report.
CREATE OR REPLACE FUNCTION mandated_of_abuse(p_case uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cases_case c
            WHERE c.id = p_case AND c.concern::text = ANY ('{abuse,sexual}'))
        OR EXISTS (SELECT 1 FROM cases_casetip k JOIN tips_tip t ON t.id = k.tip_id
            WHERE k.case_id = p_case AND t.mandated)
        OR EXISTS (SELECT 1 FROM mandated_matters(ARRAY(SELECT cases_matters(p_case))) AS m (id)
            WHERE EXISTS (SELECT 1 FROM mandated_asked a WHERE a.matter_id = m.id)
               OR EXISTS (SELECT 1 FROM mandated_duty d
                   WHERE d.matter_id = m.id AND mandated_protects(d.id)))
$$;
