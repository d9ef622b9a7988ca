-- The matters that stand for these and for all that these tips belong to, or that a question or a
-- duty about one of them names; null: none.
CREATE OR REPLACE FUNCTION mandated_roots(p_matters uuid[], p_tips uuid[]) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT matters_roots(ARRAY(
        SELECT unnest(p_matters)
        UNION SELECT t.matter_id FROM tips_tip t WHERE t.id = ANY (p_tips)
        UNION SELECT a.matter_id FROM mandated_asked a WHERE a.tip_id = ANY (p_tips)
        UNION SELECT d.matter_id FROM mandated_duty d WHERE d.tip_id = ANY (p_tips)))
$$;
