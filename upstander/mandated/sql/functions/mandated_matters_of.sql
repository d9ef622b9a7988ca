-- The matters of what an answer is about.
CREATE OR REPLACE FUNCTION mandated_matters_of(p_answer uuid) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT ARRAY(SELECT t.matter_id FROM mandated_answer w JOIN tips_tip t ON t.id = w.tip_id
                 WHERE w.id = p_answer
        UNION SELECT m FROM mandated_answer w, LATERAL cases_matters(w.case_id) AS m
            WHERE w.id = p_answer AND w.case_id IS NOT NULL)
$$;
