-- A tip that comes to a case, or moves to another matter: what exclusions on either side there
-- were.
CREATE OR REPLACE FUNCTION cases_join_exclusions(p_matter uuid, p_case uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM cases_hold_matters(ARRAY(SELECT cases_matters(p_case)));
    PERFORM cases_carry_exclusions(p_matter, p_case);
    PERFORM cases_carry_exclusions(c.matter_id, c.id) FROM cases_case c WHERE c.id = p_case;
END $$;
