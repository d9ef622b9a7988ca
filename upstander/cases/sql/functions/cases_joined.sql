-- A case with all that it is linked with, over any number of links, as far as the session's person
-- holds them: who doesn't see a link learns nothing by it.
CREATE OR REPLACE FUNCTION cases_joined(p_case uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE joined (id) AS (
        SELECT p_case
        UNION
        SELECT o.id FROM joined j
        JOIN cases_caselink l ON j.id IN (l.case_id, l.other_id)
        CROSS JOIN LATERAL (
            SELECT CASE WHEN l.case_id = j.id THEN l.other_id ELSE l.case_id END AS id) AS o
        WHERE api.holds_folder(o.id))
    SELECT id FROM joined
$$;
