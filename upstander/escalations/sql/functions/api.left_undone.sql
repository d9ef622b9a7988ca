-- Which of these kinds of tasks are still to be done of subjects, for whoever may see an alert of
-- theirs: also a school, which sees no task, and would close over a call to which no help came.
CREATE OR REPLACE FUNCTION api.left_undone(p_subjects uuid[], p_kinds text[]) RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT t.kind::text), '{}') FROM escalations_task t
    WHERE t.subject_id = ANY (p_subjects) AND t.state IN ('open', 'taken')
        AND t.kind = ANY (p_kinds)
      AND EXISTS (SELECT 1 FROM escalations_alert a WHERE a.subject_id = t.subject_id
                  AND a.holders::text[] && (SELECT api.scope_holders())
                  AND NOT (a.matter_id = ANY (api.excluded_matters())))
$$;

GRANT EXECUTE ON FUNCTION api.left_undone
    TO upstander_center, upstander_school, upstander_district;
