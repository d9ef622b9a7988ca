-- A case that turns out to be about abuse: all who have opened it before are asked now, as with a
-- tip. Who has left since, is asked too: whoever is above them is told at once.
CREATE OR REPLACE FUNCTION mandated_case_asks(p_case uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT mandated_ask_of_case(p_case => p_case, p_person => e.actor_id) FROM (
        SELECT DISTINCT o.actor_id FROM audit_entry o WHERE o.subject_kind = 'case'
          AND o.subject_id = p_case::text
          AND o.action::text = ANY ('{"case opened","case begun"}') AND o.actor_id IS NOT NULL
        ORDER BY 1) AS e
$$;
