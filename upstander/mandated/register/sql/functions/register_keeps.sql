-- Whether somebody keeps a district's register today: an account that is in use, in a named role.
CREATE OR REPLACE FUNCTION register_keeps(p_person bigint, p_district bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM people_membership m
        JOIN people_team t ON t.id = m.team_id AND t.kind = 'office' AND t.school_id IS NULL
        JOIN people_person p ON p.id = m.person_id AND p.is_active
        WHERE m.person_id = p_person AND t.district_id = p_district
          AND m.role = ANY (people_roles_of(p_kind => 'office', p_of_school => false)))
$$;
