-- The district's office may open a tip once the escalation has come to it: by a step that asks the
-- office, or because somebody of it was added.
CREATE OR REPLACE FUNCTION cases_is_office(p_target text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p_target = 'district' OR (p_target LIKE 'person:%' AND EXISTS (
        SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
        WHERE t.kind = 'district' AND 'person:' || m.person_id = p_target))
$$;
