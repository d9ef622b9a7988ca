-- What the center and the reporter learn of a case: that somebody works on it, or has. It stands in
-- the tip's `in_case` while the school's team has the tip (dispositions.py has the words).
CREATE OR REPLACE FUNCTION cases_told(p_tip uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN count(*) = 0 THEN '' WHEN bool_and(c.state = 'closed') THEN 'done'
        ELSE 'open' END
    FROM cases_casetip t JOIN cases_case c ON c.id = t.case_id WHERE t.tip_id = p_tip
$$;
