-- Whether the session's person may be one of the two who decide that somebody with open reports is
-- shut out: an administrator, or the compliance lead of a district of such a report (of one that
-- offices may know: not while who must not see its matter is not settled); its
-- superintendent and chair too, asked where no lead may (leaving/notices.py). Never oneself,
-- nor anybody from whom the matter of one of them is kept: they may not even know that there is
-- one.
CREATE OR REPLACE FUNCTION mandated_may_shut(p_person bigint) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT api.scope_person() IS NOT NULL AND api.scope_person() <> p_person
       AND (api.scope_is_admin() OR EXISTS (
           SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
           WHERE m.person_id = api.scope_person() AND t.kind = 'office' AND t.school_id IS NULL
             AND m.role = ANY (people_roles_of(p_kind => 'office', p_of_school => false))
             AND t.district_id IN (
                 SELECT d.district_id FROM mandated_duty d WHERE d.person_id = p_person
                   AND NOT api.matter_unsettled(d.matter_id))))
       AND NOT EXISTS (SELECT 1 FROM mandated_duty d WHERE d.person_id = p_person
                       AND d.matter_id = ANY (api.excluded_matters()))
$$;
