-- The matters of one case: its own and its tips'.
CREATE OR REPLACE FUNCTION cases_matters(p_case uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.matter_id FROM cases_case c WHERE c.id = p_case
    UNION SELECT t.matter_id FROM cases_casetip t WHERE t.case_id = p_case
$$;
