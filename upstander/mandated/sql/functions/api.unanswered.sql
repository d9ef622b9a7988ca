-- How many have not answered, for whoever answers for them: a center's supervisor for all whom its
-- tips ask, a district's compliance lead for the teams of the district. Numbers alone, and none of
-- a matter that is kept from the reader.
CREATE OR REPLACE FUNCTION api.unanswered()
    RETURNS TABLE (center boolean, district_id bigint, school_id bigint, people bigint,
                   oldest timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.center, a.district_id, a.school_id, count(*), min(a.asked_at) FROM mandated_asked a
    WHERE a.answered_at IS NULL AND NOT (a.matter_id = ANY (api.excluded_matters()))
      -- Whoever has gone counts until an office has answered for the file.
      AND mandated_standing(a.id) = 'silent'
      AND EXISTS (SELECT 1 FROM people_posts() m JOIN people_team t ON t.id = m.team_id
        WHERE (
            m.role = 'center_supervisor' AND EXISTS (SELECT 1 FROM places_district d
                WHERE d.id = a.district_id AND d.center_id = t.center_id)
            -- Of a matter that is kept from anybody, once the worker has found that they may know:
            -- it alone can tell whether the superintendent, on whom they depend, is accused.
            OR m.role = 'compliance_lead' AND t.district_id = a.district_id AND NOT a.center
               AND NOT api.matter_unsettled(a.matter_id)
               AND (a.for_file = m.person_id OR NOT EXISTS (SELECT 1 FROM matters_exclusion b
                    WHERE b.matter_id = a.matter_id))))
    GROUP BY 1, 2, 3 ORDER BY 1 DESC, 2, 3
$$;

GRANT EXECUTE ON FUNCTION api.unanswered TO upstander_center, upstander_district, upstander_school;
