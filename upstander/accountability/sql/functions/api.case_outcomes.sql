-- Closed cases of one district and span, counted by all that they are compared by. Whoever is
-- excluded from a matter finds nothing of it in any count. Constant: one pass, whatever is asked.
-- What an ending and an action count as is handed in, by its key.
CREATE OR REPLACE FUNCTION api.case_outcomes(p_district bigint, p_from timestamptz,
    p_until timestamptz, p_endings jsonb, p_actions jsonb)
    RETURNS TABLE (school_id bigint, grade text, disability boolean, groups jsonb, filled boolean,
        life boolean, police boolean, discipline boolean, child_protection boolean, support boolean,
        nothing boolean, cases bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    excluded uuid[] := api.excluded_matters();
BEGIN
    IF editions_edition_audience(p_district => p_district, p_school => 0) IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT c.school_id, coalesce(f.grade::text, ''), f.disability, coalesce(f.groups, '{}'::jsonb),
        f.case_id IS NOT NULL, c.life_safety,
        a.came && ARRAY['police'], a.came && ARRAY['discipline'],
        a.came && ARRAY['child_protection'], a.came && ARRAY['support'],
        p_endings->>c.disposition IS NOT DISTINCT FROM 'nothing', count(*)
    FROM cases_case c
    LEFT JOIN accountability_casefigures f ON f.case_id = c.id
    CROSS JOIN LATERAL (SELECT array_agg(DISTINCT p_actions->>x.kind)
            || (p_endings->>c.disposition) AS came
        FROM cases_caseaction x WHERE x.case_id = c.id AND x.ending = 'done') a
    WHERE c.district_id = p_district AND c.state = 'closed' AND c.closed_at >= p_from
      AND c.closed_at < p_until AND NOT (c.matter_id = ANY (excluded))
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
END $$;

GRANT EXECUTE ON FUNCTION api.case_outcomes TO upstander_center, upstander_district;
