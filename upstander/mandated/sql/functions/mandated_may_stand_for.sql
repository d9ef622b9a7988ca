-- Whether the session's person may answer for the file in place of a duty's owner: they are of the
-- district's office and see the duty; its owner was shut out a day ago or more and has not finished
-- it; and somebody else's report to child protection in this matter is made, both of it.
CREATE OR REPLACE FUNCTION mandated_may_stand_for(p_duty uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mandated_duty d
        WHERE d.id = p_duty AND d.written_at IS NULL AND d.person_id <> api.scope_person()
          AND api.holds_folder(d.folder_id)
          AND NOT EXISTS (SELECT 1 FROM mandated_standin i WHERE i.duty_id = d.id)
          AND EXISTS (SELECT 1 FROM people_membership o JOIN people_team t ON t.id = o.team_id
              WHERE o.person_id = api.scope_person() AND t.kind = 'office'
                AND t.school_id IS NULL AND t.district_id = d.district_id
                AND o.role = ANY (people_roles_of(p_kind => 'office', p_of_school => false)))
          AND EXISTS (SELECT 1 FROM mandated_shutting s WHERE s.person_id = d.person_id
              AND s.done_at >= d.opened_at
              AND s.done_at <= api.clock_now() - interval '24 hours')
          AND NOT EXISTS (SELECT 1 FROM people_membership m WHERE m.person_id = d.person_id)
          AND EXISTS (SELECT 1 FROM mandated_duty r
              WHERE r.matter_id IN (SELECT matters_same_matter(d.matter_id))
                AND r.person_id <> d.person_id AND r.first_at IS NOT NULL
                AND r.written_at IS NOT NULL AND mandated_protects(r.id)))
$$;

GRANT EXECUTE ON FUNCTION mandated_may_stand_for
    TO upstander_center, upstander_district, upstander_former, upstander_school;
