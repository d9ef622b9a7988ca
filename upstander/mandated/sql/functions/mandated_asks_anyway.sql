-- A reason for asking before the report, written into the case, or one that it is linked with: its
-- writer alone may ask then. What waits for somebody's own report waits on.
CREATE OR REPLACE FUNCTION mandated_asks_anyway() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM matters_pass_hold(p_by => x.by, p_person => NEW.person_id) FROM (
        SELECT DISTINCT coalesce(a.tip_id, a.case_id) AS by FROM mandated_asked a
        WHERE a.matter_id IN (SELECT mandated_matters(ARRAY(
            SELECT m.id FROM cases_joined(NEW.case_id) AS j (id),
                LATERAL cases_matters(j.id) AS m (id))))) AS x;
    RETURN NULL;
END $$;
