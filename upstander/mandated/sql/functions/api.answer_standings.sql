-- How each of these questions stands; codes alone. For the worker of any; for a session of those
-- that it may see: its own, what it answers for the file, and those on a tip or case that it has. A
-- number that is guessed gives nothing, and none gives whoever is kept out of its matter.
CREATE OR REPLACE FUNCTION api.answer_standings(p_asked bigint[])
    RETURNS TABLE (asked bigint, stands text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, mandated_standing(a.id) FROM mandated_asked a
    WHERE a.id = ANY (p_asked) AND (
        current_setting('role') NOT IN ('upstander_center', 'upstander_district',
            'upstander_school')
        OR NOT (a.matter_id = ANY (api.excluded_matters())) AND (
            a.person_id = api.scope_person()
            OR a.for_file = api.scope_person() AND NOT api.matter_unsettled(a.matter_id)
            OR api.holds_folder(a.case_id)
            OR EXISTS (SELECT 1 FROM tips_tip t WHERE t.id = a.tip_id
                AND NOT (t.matter_id = ANY (api.excluded_matters()))
                AND (t.district_id = ANY (api.center_districts())
                    OR EXISTS (SELECT 1 FROM tips_recipient y WHERE y.tip_id = t.id AND (
                        y.holder = ANY ((SELECT api.scope_holders())::text[])
                        OR t.district_id = ANY (api.lead_districts())))))))
$$;

GRANT EXECUTE ON FUNCTION api.answer_standings
    TO upstander_center, upstander_district, upstander_school, upstander_worker;
