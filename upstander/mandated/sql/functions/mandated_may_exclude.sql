-- Whether the session's person may keep others out of a duty: its owner, and the district's
-- compliance lead as long as they hold it.
CREATE OR REPLACE FUNCTION mandated_may_exclude(p_duty uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = p_duty AND (
        d.person_id = api.scope_person()
        OR api.holds_folder(d.folder_id) AND EXISTS (
            SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
            WHERE m.person_id = api.scope_person() AND m.role = 'compliance_lead'
              AND t.kind = 'office' AND t.district_id = d.district_id)))
$$;
