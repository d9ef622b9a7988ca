-- The rosters that the session's person may search for a tip now: of its district, for the
-- counselor who has it or a supervisor; of the own school (the district's office: all) for those it
-- was handed to. Life safety and urgent only, not closed, and nobody who is kept out.
CREATE OR REPLACE FUNCTION emergency_rosters_for(p_tip uuid) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id FROM tips_tip t JOIN emergency_roster r ON r.district_id = t.district_id
    WHERE t.id = p_tip AND api.scope_person() IS NOT NULL AND t.rank <= 1 AND NOT t.junk
      AND NOT (t.matter_id = ANY (api.excluded_matters()))
      AND (t.state IN ('claimed', 'handed_off', 'returned')
           AND t.district_id = ANY (api.center_districts())
           AND (t.claimed_by = api.scope_person()
                OR EXISTS (SELECT 1 FROM people_membership m JOIN people_team s ON s.id = m.team_id
                           WHERE m.person_id = api.scope_person() AND s.center_id = t.center_id
                             AND m.role = 'center_supervisor'))
        OR t.state = 'handed_off'
           AND EXISTS (SELECT 1 FROM tips_recipient y
                       WHERE y.tip_id = t.id
                           AND y.holder = ANY ((SELECT api.scope_holders())::text[]))
           AND EXISTS (SELECT 1 FROM people_membership m JOIN people_team s ON s.id = m.team_id
                       WHERE m.person_id = api.scope_person()
                         AND (s.kind = 'school' AND s.school_id = r.school_id
                              OR s.kind = 'district' AND s.district_id = t.district_id)))
$$;
