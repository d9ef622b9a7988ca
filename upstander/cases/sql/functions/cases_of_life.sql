-- Whether a life was in danger by what is known now: by the case's own word, or by one of its tips,
-- which may have become life safety since, out of its team's sight.
CREATE OR REPLACE FUNCTION cases_of_life(p_case uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM cases_case c WHERE c.id = p_case AND c.life_safety)
        OR EXISTS (SELECT 1 FROM cases_casetip k JOIN tips_tip t ON t.id = k.tip_id
                   WHERE k.case_id = p_case AND t.priority = 'life_safety')
$$;

GRANT EXECUTE ON FUNCTION cases_of_life TO upstander_district, upstander_school;
