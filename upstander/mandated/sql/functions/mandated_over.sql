-- Refuses an end in these matters, or of these tips, while whoever opened owes an answer, or a
-- report is not finished; and, where it is said that it was reported, without a report's proof.
-- What the agency did not accept was reported all the same, but no end calls it theirs now.
-- `p_says` is a disposition, or 'done' for something that was done. The constraint's name says
-- which it is (decisions/refusals.py has the words).
CREATE OR REPLACE FUNCTION mandated_over(p_matters uuid[], p_tips uuid[], p_abuse boolean,
    p_says text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    matters uuid[] := mandated_lock(p_matters => p_matters, p_tips => p_tips);
    missing text;
BEGIN
    IF (p_abuse OR EXISTS (SELECT 1 FROM tips_tip t
            WHERE t.matter_id = ANY (matters) AND t.mandated)
        OR EXISTS (SELECT 1 FROM mandated_duty d
            -- A report that came of no tip and no case: nobody has opened anything.
            WHERE d.matter_id = ANY (matters) AND mandated_protects(d.id)
              AND (d.tip_id IS NOT NULL OR d.case_id IS NOT NULL)))
       AND NOT EXISTS (SELECT 1 FROM mandated_asked a WHERE a.matter_id = ANY (matters)
                       OR a.tip_id = ANY (p_tips))
       OR EXISTS (SELECT 1 FROM mandated_asked a
                  WHERE (a.matter_id = ANY (matters) OR a.tip_id = ANY (p_tips))
                  AND mandated_standing(a.id) IN ('silent', 'waits')) THEN
        RAISE EXCEPTION 'somebody who opened it has not answered whether they suspect'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mandated_unanswered';
    END IF;
    IF EXISTS (SELECT 1 FROM mandated_duty d
               WHERE d.matter_id = ANY (matters) AND d.written_at IS NULL
                 AND NOT EXISTS (SELECT 1 FROM mandated_standin i WHERE i.duty_id = d.id)) THEN
        RAISE EXCEPTION 'a report of this matter is not finished'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mandated_duty_open';
    END IF;
    IF p_says IN ('child_protection', 'not_accepted', 'done') THEN
        -- One report that proves it is enough; else what the furthest of them lacks.
        IF EXISTS (SELECT 1 FROM mandated_asked a JOIN matters_matterhold h
                ON h.by = coalesce(a.tip_id, a.case_id) AND h.lifted_at IS NULL
                WHERE a.matter_id = ANY (matters)) THEN
            -- Questioning waits still: none was made, or by whom the matter is kept from since.
            RAISE EXCEPTION 'no report of this matter counts'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'mandated_no_report';
        END IF;
        missing := coalesce((SELECT coalesce(mandated_unproved(d.id), '')
            FROM mandated_duty d WHERE d.matter_id = ANY (matters)
            ORDER BY array_position(ARRAY['', 'mandated_sent_nowhere', 'mandated_not_signed',
                'mandated_nobody_named', 'mandated_no_report'],
                coalesce(mandated_unproved(d.id), '')) LIMIT 1), 'mandated_no_report');
        IF missing <> '' THEN
            RAISE EXCEPTION 'no report of this matter is proved'
                USING ERRCODE = 'check_violation', CONSTRAINT = missing;
        END IF;
        IF p_says <> 'done' AND (p_says = 'not_accepted') IS DISTINCT FROM (
                SELECT bool_and(d.accepted IS NOT DISTINCT FROM false) FROM mandated_duty d
                WHERE d.matter_id = ANY (matters) AND mandated_unproved(d.id) IS NULL) THEN
            RAISE EXCEPTION 'whether it was accepted is not as it is said'
                USING ERRCODE = 'check_violation', CONSTRAINT = CASE p_says
                    WHEN 'not_accepted' THEN 'mandated_accepted' ELSE 'mandated_not_accepted' END;
        END IF;
    END IF;
END $$;
