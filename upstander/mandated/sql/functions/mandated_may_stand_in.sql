-- Whether the session's person may answer for the file in place of whoever has gone, or has been
-- silent for 24 hours: it was asked of them (the worker knows who is kept out), they are of the
-- district's office, and the file proves what they say. 'any': whether it is time at all. Nobody
-- while who must not see its matter is not settled: it may be they. A report proves nothing where
-- questioning waits all the same: whoever made it is kept out since (api.doubt_reports).
CREATE OR REPLACE FUNCTION mandated_may_stand_in(p_asked bigint, p_ground text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM mandated_asked a,
            LATERAL (SELECT ARRAY(SELECT matters_same_matter(a.matter_id)) AS ids) AS m
        WHERE a.id = p_asked AND a.for_file = api.scope_person() AND a.person_id <> a.for_file
          AND NOT (a.matter_id = ANY (api.excluded_matters()))
          AND NOT api.matter_unsettled(a.matter_id)
          AND mandated_standing(a.id) IN ('silent', 'waits')
          AND (a.gone_at IS NOT NULL OR a.climb_since <= api.clock_now() - interval '24 hours')
          AND EXISTS (SELECT 1 FROM people_membership o JOIN people_team t ON t.id = o.team_id
              WHERE o.person_id = a.for_file AND t.kind = 'office' AND t.school_id IS NULL
                AND t.district_id = a.district_id
                AND o.role = ANY (people_roles_of(p_kind => 'office', p_of_school => false)))
          AND CASE p_ground WHEN 'any' THEN true
              WHEN 'own_report' THEN EXISTS (SELECT 1 FROM mandated_duty d
                  WHERE d.matter_id = ANY (m.ids) AND d.person_id = a.for_file
                    AND mandated_protects(d.id))
              WHEN 'reported' THEN EXISTS (SELECT 1 FROM mandated_duty d
                  WHERE d.matter_id = ANY (m.ids) AND d.first_at IS NOT NULL
                    AND mandated_protects(d.id)) AND NOT EXISTS (
                  SELECT 1 FROM mandated_asked o JOIN matters_matterhold h
                      ON h.by = coalesce(o.tip_id, o.case_id) AND h.lifted_at IS NULL
                  WHERE o.matter_id = ANY (m.ids))
              WHEN 'read_by_two' THEN EXISTS (SELECT 1 FROM mandated_asked o
                  WHERE o.matter_id = ANY (m.ids) AND o.id <> a.id
                    AND (o.tip_id = a.tip_id OR o.case_id = a.case_id)
                    AND mandated_standing(o.id) = 'no')
              ELSE false END)
$$;
