-- Whether the session's person is, in a duty's district or school, what a later duty's owner must
-- be, and holds the duty. Where the superintendent is accused the duty is not theirs, and the chair
-- stands in.
CREATE OR REPLACE FUNCTION mandated_is(p_duty uuid, p_owner text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = p_duty AND (
        d.person_id = api.scope_person() AND p_owner = 'reporter'
        OR api.holds_folder(d.folder_id) AND EXISTS (
            SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
            WHERE m.person_id = api.scope_person() AND t.kind = 'office'
              AND t.district_id = d.district_id AND (t.school_id IS NULL
                  OR t.school_id = d.school_id)
              AND m.role = ANY (mandated_owners(p_owner)))))
$$;
