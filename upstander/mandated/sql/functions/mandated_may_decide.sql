-- Whether the session's person is the second person for such an exclusion: the supervisor of the
-- center that serves the district, or its compliance lead; neither who asked for it nor whom it
-- names, nor whom the matter is kept from; no lead while that is not settled.
CREATE OR REPLACE FUNCTION mandated_may_decide(p_exclusion uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mandated_wideexclusion w JOIN places_district i
        ON i.id = w.district_id
        WHERE w.id = p_exclusion AND w.asked_by <> api.scope_person()
          AND NOT (matters_bound(api.scope_mac(), w.matter_id) = ANY (w.person_macs))
          AND NOT (w.matter_id = ANY (api.excluded_matters()))
          AND EXISTS (SELECT 1 FROM people_posts() m JOIN people_team t ON t.id = m.team_id
              WHERE (m.role = 'center_supervisor' AND t.kind = 'center'
                     AND t.center_id = i.center_id
                     OR m.role = 'compliance_lead' AND t.kind = 'office'
                     AND t.district_id = i.id AND NOT api.matter_unsettled(w.matter_id))))
$$;

GRANT EXECUTE ON FUNCTION mandated_may_decide
    TO upstander_center, upstander_district, upstander_school;
