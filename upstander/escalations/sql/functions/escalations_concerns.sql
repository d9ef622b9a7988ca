-- Whether a membership of an active person is a reason to ask them about an alert: they are of whom
-- it was handed to, of the district's office, of its center, or somebody of the district asked for
-- them by name. Where it was handed to single persons (p_named), anybody of the district may be one
-- of them.
CREATE OR REPLACE FUNCTION escalations_concerns(p_alert escalations_alert, p_person bigint,
    p_named boolean)
    RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
        JOIN people_person p ON p.id = m.person_id AND p.is_active
        JOIN places_district d ON d.id = p_alert.district_id
        WHERE m.person_id = p_person AND (
            'team:' || t.id = ANY (p_alert.holders)
            OR t.kind = 'district' AND t.district_id = d.id
            OR t.kind = 'center' AND t.center_id = d.center_id
            OR t.kind = 'school' AND t.district_id = d.id AND (
                p_named AND EXISTS (SELECT 1 FROM unnest(p_alert.holders) h WHERE h LIKE 'own:%')
                OR EXISTS (SELECT 1 FROM escalations_step s WHERE s.alert_id = p_alert.id
                           AND s.target = 'person:' || p_person))))
$$;
