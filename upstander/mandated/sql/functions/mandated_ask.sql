-- Somebody has opened a tip about abuse and could read it: they owe an answer from now on, once.
-- Whoever was shown its state alone (a district's lead, before it comes to them) owes none.
CREATE OR REPLACE FUNCTION mandated_ask(p_tip uuid, p_person bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO mandated_asked (tip_id, matter_id, district_id, school_id, center, person_id,
        asked_at, remind_at, reminded, climb_since, climb_at, climbed)
    SELECT t.id, t.matter_id, t.district_id, t.school_id, mandated_at_center(p_person,
        t.district_id),
        p_person, n.at, n.at + interval '20 minutes', 0, n.at, n.at + interval '1 hour', 0
    FROM tips_tip t, (SELECT date_trunc('second', api.clock_now()) AS at) AS n
    WHERE t.id = p_tip AND t.mandated AND p_person IS NOT NULL AND EXISTS (
        SELECT 1 FROM vault_grant g WHERE g.tip_id = t.id
          AND (g.holder LIKE 'own:%' AND (api.scope_person() IS DISTINCT FROM p_person
                   OR g.holder = ANY ((SELECT api.scope_holders())::text[]))
               OR EXISTS (SELECT 1 FROM people_membership m
                          WHERE m.person_id = p_person AND 'team:' || m.team_id = g.holder))
          AND (g.audience <> 'case' OR EXISTS (SELECT 1 FROM tips_recipient y
                   WHERE y.tip_id = g.tip_id AND y.holder = g.holder)))
    ON CONFLICT DO NOTHING
$$;
