-- Closed cases of one district and span, counted by all that they are compared by. Whoever is
-- barred from a matter finds nothing of it in any count. Constant: one pass, whatever is asked.
CREATE OR REPLACE FUNCTION api.case_outcomes(p_district bigint, p_from timestamptz,
    p_until timestamptz)
    RETURNS TABLE (school_id bigint, grade text, disability boolean, groups jsonb, filled boolean,
        life boolean, police boolean, discipline boolean, child_protection boolean, support boolean,
        nothing boolean, cases bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    barred uuid[] := api.barred_matters();
BEGIN
    IF places_edition_audience(p_district => p_district, p_school => 0) IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT c.school_id, coalesce(f.grade::text, ''), f.disability, coalesce(f.groups, '{}'::jsonb),
        f.case_id IS NOT NULL, c.life_safety,
        c.disposition = 'police' OR a.kinds && ARRAY['police'],
        c.disposition = 'discipline' OR a.kinds && ARRAY['discipline'],
        c.disposition IN ('child_protection', 'not_accepted')
            OR a.kinds && ARRAY['child_protection'],
        c.disposition IN ('services', 'safe_supported') OR a.kinds && ARRAY['counseling',
            'referral',
            'mobile_crisis', 'safety_plan', 'restorative'],
        c.disposition = 'unfounded', count(*)
    FROM cases_case c
    LEFT JOIN accountability_casefigures f ON f.case_id = c.id
    CROSS JOIN LATERAL (SELECT coalesce(array_agg(DISTINCT x.kind::text), '{}') AS kinds
        FROM cases_caseaction x WHERE x.case_id = c.id AND x.ending = 'done') a
    WHERE c.district_id = p_district AND c.state = 'closed' AND c.closed_at >= p_from
      AND c.closed_at < p_until AND NOT (c.matter_id = ANY (barred))
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11;
END $$;

GRANT EXECUTE ON FUNCTION api.case_outcomes TO upstander_center, upstander_district;
