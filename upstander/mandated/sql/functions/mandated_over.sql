-- Refuses an end in these matters while whoever opened owes an answer, or a report is not finished;
-- and, where it is said that it was reported, without a report's proof. The constraint's name says
-- which (cases/refusals.py has the words).
CREATE OR REPLACE FUNCTION mandated_over(p_matters uuid[], p_abuse boolean, p_reported boolean)
    RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    matters uuid[] := ARRAY(SELECT mandated_matters(p_matters));
BEGIN
    IF p_abuse AND NOT EXISTS (SELECT 1 FROM mandated_asked a WHERE a.matter_id = ANY (matters))
       OR EXISTS (SELECT 1 FROM mandated_asked a WHERE a.matter_id = ANY (matters)
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
    IF p_reported AND NOT EXISTS (
        SELECT 1 FROM mandated_duty d WHERE d.matter_id = ANY (matters) AND d.first_at IS NOT NULL
          AND mandated_protects(d.id)) THEN
        RAISE EXCEPTION 'no report of this matter is written down'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'mandated_no_report';
    END IF;
END $$;
