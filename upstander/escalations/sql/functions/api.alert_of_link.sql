-- How that stands which a signed link asks about, told to the person whom it asks: what they said
-- last, and of an alert what a page to them says, and who has it. Nothing of an alert where they
-- are excluded from its matter (p_mac: their code) or where it concerns them no more; nothing at
-- all of what was never sent to them. The desk has checked the link.
CREATE OR REPLACE FUNCTION api.alert_of_link(p_person bigint, p_for uuid, p_mac bytea)
    RETURNS jsonb
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
        -- What the worker hasn't read yet is the newest.
        'said', coalesce(
            (SELECT i.answer FROM carriers_inbound i WHERE o.may AND i.person_id = p_person
                AND i.for_id = p_for AND NOT i.done AND i.answer IN ('have_it', 'seen', 'cannot')
                ORDER BY i.id DESC LIMIT 1),
            -- "I have it" is over once somebody, or time, let the alert go again.
            (SELECT nullif(k.answer, CASE WHEN a.state = 'open' THEN 'have_it' END)
                FROM escalations_acknowledgement k
                WHERE k.alert_id = a.id AND k.person_id = p_person ORDER BY k.number DESC LIMIT 1),
            -- Of a drill there is no alert. Who is out of an alert hears nothing of it, their own
            -- answer neither: they no longer have it, whatever they pressed.
            (SELECT i.answer FROM carriers_inbound i WHERE o.drill AND i.person_id = p_person
                AND i.for_id = p_for AND i.answer IN ('have_it', 'seen', 'cannot')
                ORDER BY i.id DESC LIMIT 1),
            ''),
        -- When they pressed "I have it", until the worker has read it: their time counts from then.
        'pressed', (SELECT i.at FROM carriers_inbound i WHERE o.may AND i.person_id = p_person
            AND i.for_id = p_for AND NOT i.done
                AND i.answer = 'have_it' ORDER BY i.id DESC LIMIT 1),
        'alert', CASE WHEN a.id IS NOT NULL THEN jsonb_build_object(
            'priority', a.priority,
            'stage', a.stage,
            'code', d.code,
            'school', coalesce(s.name, ''),
            'now', a.happening_now,
            -- Where a sign-in leads: the page itself refuses whoever may not.
            'tip', a.subject_id,
            'page', a.page,
            'zone', t.time_zone,
            'ended', a.state = 'ended',
            'mine', a.state = 'acknowledged' AND a.acknowledged_by = p_person,
            'idle', a.idle_asked,
            'holder', CASE WHEN a.state = 'acknowledged' THEN a.acknowledged_by END,
            'since', CASE WHEN a.state = 'acknowledged' THEN a.acknowledged_at END,
            -- Until then they have it, unless they do something.
            'until', CASE WHEN a.state = 'acknowledged' THEN a.next_step_due_at END) END)
    FROM (SELECT c.code FROM carriers_delivery c
          JOIN people_person p ON p.id = c.person_id AND p.is_active
          WHERE c.person_id = p_person AND c.for_id = p_for
          ORDER BY c.attempted_at DESC, c.id LIMIT 1) d
    LEFT JOIN escalations_alert a ON a.id = p_for
        AND NOT matters_is_excluded(p_matter => a.matter_id, p_mac => p_mac)
        AND escalations_concerns(p_alert => a, p_person => p_person, p_named => true)
    CROSS JOIN LATERAL (SELECT x.none AS drill, x.none OR a.id IS NOT NULL AS may FROM (
        SELECT NOT EXISTS (SELECT FROM escalations_alert e WHERE e.id = p_for) AS none) x) o
    LEFT JOIN places_school s ON s.id = a.school_id
    LEFT JOIN places_district t ON t.id = a.district_id
$$;

GRANT EXECUTE ON FUNCTION api.alert_of_link TO upstander_signin;
