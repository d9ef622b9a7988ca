CREATE OR REPLACE FUNCTION escalations_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    team places_team%ROWTYPE;
    a escalations_alert%ROWTYPE;
    task escalations_task%ROWTYPE;
BEGIN
    SELECT * INTO team FROM places_team WHERE id = OLD.team_id;
    IF NOT FOUND OR team.kind NOT IN ('center', 'district', 'school') THEN
        RETURN NULL;
    END IF;
    -- A call that they took waits on the desk again, and rings again.
    FOR task IN SELECT k.* FROM escalations_task k JOIN places_district d ON d.id = k.district_id
            WHERE k.taken_by = OLD.person_id AND k.state = 'taken' AND d.center_id = team.center_id
              AND NOT EXISTS (SELECT 1 FROM places_membership m JOIN places_team t
                  ON t.id = m.team_id
                JOIN places_person p ON p.id = m.person_id AND p.is_active
                WHERE m.person_id = OLD.person_id AND t.center_id = team.center_id)
            ORDER BY k.id LOOP
        PERFORM 1 FROM escalations_alert WHERE id = task.alert_id FOR UPDATE;
        UPDATE escalations_task SET state = 'open', taken_by = NULL, taken_at = NULL, due_at = at
            WHERE id = task.id AND state = 'taken' AND taken_by = OLD.person_id;
        CONTINUE WHEN NOT FOUND;
        -- The steps that rang last for it, as far from each other as they stood.
        UPDATE escalations_step s SET state = 'due', due_at = at + (s.due_at - last.soonest)
            FROM (SELECT array_agg(r.id) AS ids, min(r.due_at) AS soonest FROM (
                SELECT DISTINCT ON (x.target) x.id, x.due_at FROM escalations_step x
                WHERE x.task_id = task.id ORDER BY x.target, x.number DESC) AS r) AS last
            WHERE s.id = ANY (last.ids);
        PERFORM audit_record(p_actor_kind => 'system', p_action => 'task not finished in time',
            p_subject_kind => 'tip', p_subject_id => task.subject_id::text,
            p_district_id => task.district_id, p_matter_id => task.matter_id,
            p_detail => jsonb_build_object('kind', task.kind, 'left', OLD.person_id));
    END LOOP;
    -- What they have: asked about again at once, unless another team of theirs keeps them asked.
    -- Who had it as one of those it was handed to has it no more because an office of theirs might
    -- be asked later.
    FOR a IN SELECT x.* FROM escalations_alert x JOIN places_district d ON d.id = x.district_id
            WHERE x.state = 'acknowledged' AND x.acknowledged_by = OLD.person_id
              AND (d.id = team.district_id OR d.center_id = team.center_id)
            ORDER BY x.id FOR UPDATE OF x LOOP
        IF NOT escalations_concerns(p_alert => a, p_person => OLD.person_id,
               p_named => team.kind = 'school')
           OR 'team:' || team.id = ANY (a.holders) AND NOT EXISTS (
               SELECT 1 FROM places_membership m JOIN places_person p ON p.id = m.person_id
                   AND p.is_active
               WHERE m.person_id = OLD.person_id AND 'team:' || m.team_id = ANY (a.holders)) THEN
            PERFORM escalations_reopen(a.id, at);
        END IF;
    END LOOP;
    -- What was about to be sent to them isn't. Where they alone had been asked, the next are asked
    -- now.
    FOR a IN SELECT x.* FROM escalations_alert x JOIN places_district d ON d.id = x.district_id
            WHERE (d.id = team.district_id OR d.center_id = team.center_id)
              AND x.id IN (SELECT g.alert_id FROM escalations_page g
                           WHERE g.state = 'due' AND g.person_id = OLD.person_id
                           UNION SELECT s.alert_id FROM escalations_step s WHERE s.state = 'due')
              AND EXISTS (SELECT 1 FROM escalations_page g
                          WHERE g.alert_id = x.id AND g.person_id = OLD.person_id)
            ORDER BY x.id FOR UPDATE OF x LOOP
        CONTINUE WHEN escalations_concerns(p_alert => a, p_person => OLD.person_id,
            p_named => true);
        UPDATE escalations_page SET state = 'cancelled'
            WHERE alert_id = a.id AND person_id = OLD.person_id AND state = 'due';
        IF a.state = 'open' AND NOT EXISTS (SELECT 1 FROM escalations_page g WHERE g.alert_id = a.id
                AND g.person_id <> OLD.person_id AND g.state IN ('due', 'sent')) THEN
            UPDATE escalations_step s SET due_at = s.due_at - (next.soonest - at)
                FROM (SELECT min(f.due_at) AS soonest FROM escalations_step f
                      WHERE f.alert_id = a.id AND f.cause = 'policy' AND f.state = 'due') AS next
                WHERE s.alert_id = a.id AND s.cause = 'policy' AND s.state = 'due'
                  AND next.soonest > at;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
