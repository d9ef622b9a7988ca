-- The matters whose hold keeps a thing: its own, where a case and its tips have several each of
-- them, and with each whatever it has become one with, since a hold stays on the matter on which it
-- was placed.
CREATE OR REPLACE FUNCTION retention_matters(p_subject uuid, p_matter uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT s.id FROM (
        SELECT p_matter
        UNION SELECT t.matter_id FROM cases_casetip t WHERE t.case_id = p_subject
        UNION SELECT c.matter_id FROM cases_casetip t JOIN cases_case c ON c.id = t.case_id
            WHERE t.tip_id = p_subject
        UNION SELECT d.matter_id FROM mandated_duty d
            WHERE d.tip_id = p_subject OR d.case_id = p_subject
        UNION SELECT t.matter_id FROM mandated_duty d JOIN tips_tip t ON t.id = d.tip_id
            WHERE d.folder_id = p_subject
        UNION SELECT c.matter_id FROM mandated_duty d JOIN cases_case c ON c.id = d.case_id
            WHERE d.folder_id = p_subject
    ) AS m (id) CROSS JOIN LATERAL matters_same_matter(m.id) AS s (id)
$$;
