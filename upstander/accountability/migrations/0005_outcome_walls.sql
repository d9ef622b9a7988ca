-- A team fills in of whom its closed cases were; who compares outcomes reads counts alone, and nobody's
-- row. The counts are of one district and one span; what is small in them the page hides.
ALTER TABLE accountability_division ENABLE ROW LEVEL SECURITY;
ALTER TABLE accountability_casefigures ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['school', 'district'] LOOP
        EXECUTE format('GRANT SELECT, INSERT, UPDATE (grade, disability, groups, person_id, at)
            ON accountability_casefigures TO upstander_%s', r);
        EXECUTE format('CREATE POLICY of_case_%s ON accountability_casefigures TO upstander_%s
            USING (EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id AND c.state = ''closed''))
            WITH CHECK (person_id = (SELECT api.scope_person())
                AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = case_id AND c.state = ''closed''
                    AND c.district_id = accountability_casefigures.district_id
                    AND c.matter_id = accountability_casefigures.matter_id))', r, r);
        EXECUTE format('GRANT SELECT ON accountability_division TO upstander_%s', r);
        EXECUTE format('CREATE POLICY own_%s ON accountability_division FOR SELECT TO upstander_%s
            USING (district_id = ANY ((SELECT api.scope_districts())::bigint[]))', r, r);
    END LOOP;
END $$;
GRANT SELECT ON accountability_division TO upstander_center;
CREATE POLICY own ON accountability_division FOR SELECT TO upstander_center
    USING (district_id = ANY ((SELECT api.center_districts())::bigint[]));
GRANT INSERT, UPDATE (ended_at) ON accountability_division TO upstander_district;
GRANT USAGE ON SEQUENCE accountability_division_id_seq TO upstander_district;
CREATE POLICY lead_makes ON accountability_division FOR INSERT TO upstander_district
    WITH CHECK (made_by = (SELECT api.scope_person())
                AND district_id = ANY ((SELECT api.lead_districts())::bigint[]));
CREATE POLICY lead_ends ON accountability_division FOR UPDATE TO upstander_district
    USING (district_id = ANY ((SELECT api.lead_districts())::bigint[]));

-- Closed cases of one district and span, counted by all that they are compared by. Whoever is barred from a
-- matter finds nothing of it in any count. Constant: one pass, whatever is asked.
CREATE FUNCTION api.case_outcomes(p_district bigint, p_from timestamptz, p_until timestamptz)
    RETURNS TABLE (school_id bigint, grade text, disability boolean, groups jsonb, filled boolean,
        life boolean, police boolean, discipline boolean, child_protection boolean, support boolean,
        nothing boolean, cases bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    barred uuid[] := api.barred_matters();
BEGIN
    IF NOT EXISTS (SELECT 1 FROM places_membership m WHERE m.person_id = api.scope_person()
                   AND m.role IN ('center_supervisor', 'district_lead'))
       OR NOT (p_district = ANY (api.center_districts() || api.lead_districts())) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT c.school_id, coalesce(f.grade::text, ''), f.disability, coalesce(f.groups, '{}'::jsonb),
        f.case_id IS NOT NULL, c.life_safety,
        c.disposition = 'police' OR a.kinds && ARRAY['police'],
        c.disposition = 'discipline' OR a.kinds && ARRAY['discipline'],
        c.disposition = 'child_protection' OR a.kinds && ARRAY['child_protection'],
        c.disposition IN ('services', 'safe_supported') OR a.kinds && ARRAY['counseling', 'referral',
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

-- The same of tips that no case came of: how the center or the school's team ended them.
CREATE FUNCTION api.tip_outcomes(p_district bigint, p_from timestamptz, p_until timestamptz)
    RETURNS TABLE (school_id bigint, life boolean, police boolean, child_protection boolean,
        support boolean, nothing boolean, tips bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    barred uuid[] := api.barred_matters();
BEGIN
    IF NOT EXISTS (SELECT 1 FROM places_membership m WHERE m.person_id = api.scope_person()
                   AND m.role IN ('center_supervisor', 'district_lead'))
       OR NOT (p_district = ANY (api.center_districts() || api.lead_districts())) THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT t.school_id, t.priority = 'life_safety',
        t.disposition = 'police' OR EXISTS (SELECT 1 FROM dispatch_call d
            WHERE d.tip_id = t.id AND d.police) OR EXISTS (SELECT 1 FROM dispatch_brief b
            WHERE b.tip_id = t.id),
        t.disposition = 'child_protection',
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
      AND (p_district = ANY (api.center_districts())
           OR EXISTS (SELECT 1 FROM tips_recipient r WHERE r.tip_id = t.id))
    GROUP BY 1, 2, 3, 4, 5, 6;
END $$;
REVOKE ALL ON FUNCTION api.case_outcomes, api.tip_outcomes FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api.case_outcomes, api.tip_outcomes
    TO upstander_center, upstander_district;
