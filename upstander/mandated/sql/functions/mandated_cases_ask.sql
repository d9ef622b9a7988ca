-- The cases that are of any of these matters, themselves or by one of their tips.
CREATE OR REPLACE FUNCTION mandated_cases_ask(p_matters uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT mandated_case_asks(p_case => c.id) FROM (
        SELECT o.id FROM cases_case o WHERE o.matter_id = ANY (p_matters)
        UNION SELECT k.case_id FROM cases_casetip k WHERE k.matter_id = ANY (p_matters)) AS c
$$;
