-- The same of tips that no case came of: how the center or the school's team ended them.
CREATE OR REPLACE FUNCTION api.tip_outcomes(p_district bigint, p_from timestamptz,
    p_until timestamptz, p_endings jsonb)
    RETURNS TABLE (school_id bigint, life boolean, police boolean, child_protection boolean,
        support boolean, nothing boolean, tips bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    excluded uuid[] := api.excluded_matters();
    -- Whoever leads at the center and in the district counts as what they act as, as they read.
    reads text := editions_edition_audience(p_district => p_district, p_school => 0);
BEGIN
    IF reads IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT t.school_id, t.priority = 'life_safety',
        e.came = 'police' OR EXISTS (SELECT 1 FROM emergency_call d
            WHERE d.tip_id = t.id AND d.police AND NOT EXISTS (
                SELECT 1 FROM emergency_callcorrection k WHERE k.call_id = d.id))
            OR EXISTS (SELECT 1 FROM emergency_brief b WHERE b.tip_id = t.id),
        e.came = 'child_protection', e.came = 'support', e.came = 'nothing', count(*)
    FROM tips_tip t
    CROSS JOIN LATERAL (SELECT coalesce(p_endings->>t.disposition, '') AS came) e
    WHERE t.district_id = p_district AND t.state = 'closed' AND NOT t.junk
      AND e.came <> 'no_tip'
      AND t.changed_at >= p_from AND t.changed_at < p_until
      AND NOT (t.matter_id = ANY (excluded))
      AND NOT EXISTS (SELECT 1 FROM cases_casetip x WHERE x.tip_id = t.id)
      -- How a talk ended that the center kept to itself is no outcome of a report.
      AND (NOT t.to_talk OR EXISTS (SELECT 1 FROM tips_recipient r WHERE r.tip_id = t.id))
      -- What never reached the district is the center's alone to count.
      AND (reads = 'center'
           OR EXISTS (SELECT 1 FROM tips_recipient r WHERE r.tip_id = t.id))
    GROUP BY 1, 2, 3, 4, 5, 6;
END $$;

GRANT EXECUTE ON FUNCTION api.tip_outcomes TO upstander_center, upstander_district;
