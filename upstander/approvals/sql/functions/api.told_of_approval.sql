-- Who is mailed about something that waits for a second person: the supervisors, if they decide,
-- the district's leads, and the leads of the school that it concerns; of an address, the leads of
-- whoever signs in with it.
CREATE OR REPLACE FUNCTION api.told_of_approval(p_approval uuid)
    RETURNS TABLE (email text)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT DISTINCT p.email FROM approvals_approval a
    LEFT JOIN people_team own ON a.subject = 'team:' || own.id
    LEFT JOIN places_school at ON a.subject = 'school:' || at.id OR at.id = own.school_id
    JOIN people_team t ON t.kind = 'center' AND t.center_id = a.center_id
        OR t.kind = 'district' AND t.district_id = a.district_id
        OR t.kind = 'school' AND t.school_id = at.id
        OR a.kind = 'address' AND t.id IN (SELECT o.team_id FROM people_membership o
            WHERE 'person:' || o.person_id = a.subject)
    JOIN people_membership m ON m.team_id = t.id
        AND m.role = ANY (people_leading_roles())
    JOIN people_person p ON p.id = m.person_id AND p.is_active
    WHERE a.id = p_approval
      AND (api.scope_is_admin() OR a.subject = ANY (api.led_people())
           OR a.center_id = ANY (api.supervised_centers())
           OR a.center_id IS NULL AND a.district_id = ANY (api.lead_districts()))
$$;

GRANT EXECUTE ON FUNCTION api.told_of_approval TO upstander_admin, upstander_center,
    upstander_district, upstander_police, upstander_school;
