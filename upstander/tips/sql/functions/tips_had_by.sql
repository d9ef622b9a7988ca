-- Of what kind the team is that has a tip which was handed on, or is asked about it: all that its
-- reporter learns of it. Empty where nobody has it yet and single persons are asked, whose names
-- stand bound to the tip.
CREATE OR REPLACE FUNCTION tips_had_by(p_tip uuid) RETURNS text
    LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT coalesce(CASE
        WHEN e.acknowledged_by IS NULL THEN
            (SELECT max(t.kind) FROM people_team t WHERE 'team:' || t.id = ANY (e.holders))
        ELSE
            (SELECT t.kind FROM people_membership m JOIN people_team t ON t.id = m.team_id
             WHERE m.person_id = e.acknowledged_by AND t.kind IN ('center', 'district', 'school')
             ORDER BY 'team:' || t.id = ANY (e.holders) DESC, t.kind DESC LIMIT 1)
        END, '')
    FROM escalations_alert e WHERE e.subject_id = p_tip AND e.stage = 'school'
    ORDER BY e.opened_at DESC LIMIT 1
$$;
