-- Whether the session's person is the second person for such a bar: the supervisor of the center
-- that serves the district, or its compliance lead; neither who asked for it nor whom it names, nor
-- whom the matter is kept from.
CREATE OR REPLACE FUNCTION mandated_may_decide(p_bar uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mandated_widebar w JOIN places_district i ON i.id = w.district_id
        WHERE w.id = p_bar AND w.asked_by <> api.scope_person()
          AND NOT (places_bound(api.scope_mac(), w.matter_id) = ANY (w.person_macs))
          AND NOT (w.matter_id = ANY (api.barred_matters()))
          AND EXISTS (SELECT 1 FROM places_membership m JOIN places_team t ON t.id = m.team_id
              WHERE m.person_id = api.scope_person()
                AND (m.role = 'center_supervisor' AND t.kind = 'center'
                     AND t.center_id = i.center_id
                     OR m.role = 'compliance_lead' AND t.kind = 'office'
                     AND t.district_id = i.id)))
$$;

GRANT EXECUTE ON FUNCTION mandated_may_decide
    TO upstander_center, upstander_district, upstander_school;
