-- The same of tips that no case came of: how the center or the school's team ended them.
CREATE OR REPLACE FUNCTION api.tip_outcomes(p_district bigint, p_from timestamptz,
    p_until timestamptz)
    RETURNS TABLE (school_id bigint, life boolean, police boolean, child_protection boolean,
        support boolean, nothing boolean, tips bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    barred uuid[] := api.barred_matters();
    -- Whoever leads at the center and in the district counts as what they act as, as they read.
    reads text := places_edition_audience(p_district => p_district, p_school => 0);
BEGIN
    IF reads IS NULL THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT t.school_id, t.priority = 'life_safety',
        t.disposition = 'police' OR EXISTS (SELECT 1 FROM dispatch_call d
            WHERE d.tip_id = t.id AND d.police) OR EXISTS (SELECT 1 FROM dispatch_brief b
            WHERE b.tip_id = t.id),
        t.disposition IN ('child_protection', 'not_accepted'),
        t.disposition IN ('support_given', 'counseling', 'mobile_crisis', 'welfare_check',
            'monitoring'),
        t.disposition IN ('not_enough', 'unfounded', 'false_harm'), count(*)
    FROM tips_tip t
    WHERE t.district_id = p_district AND t.state = 'closed' AND NOT t.junk
      AND t.disposition NOT IN ('junk', 'duplicate', 'not_our_student')
      AND t.changed_at >= p_from AND t.changed_at < p_until
      AND NOT (t.matter_id = ANY (barred))
      AND NOT EXISTS (SELECT 1 FROM cases_casetip x WHERE x.tip_id = t.id)
      -- What never reached the district is the center's alone to count.
      AND (reads = 'center'
           OR EXISTS (SELECT 1 FROM tips_recipient r WHERE r.tip_id = t.id))
    GROUP BY 1, 2, 3, 4, 5, 6;
END $$;

GRANT EXECUTE ON FUNCTION api.tip_outcomes TO upstander_center, upstander_district;
