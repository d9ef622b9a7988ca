-- Whoever left has nothing of it any more. At once: nothing that they had looks as if somebody had
-- it, and nothing is sent to them. Upon this word the worker does the rest: others are asked.
CREATE OR REPLACE FUNCTION escalations_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    team people_team%ROWTYPE;
    a escalations_alert%ROWTYPE;
    gone boolean;
    had boolean;
BEGIN
    SELECT * INTO team FROM people_team WHERE id = OLD.team_id;
    IF NOT FOUND OR team.kind NOT IN ('center', 'district', 'school') THEN
        RETURN NULL;
    END IF;
    INSERT INTO escalations_news (subject_id, kind, at, person_id)
    SELECT DISTINCT k.subject_id, 'left', at, OLD.person_id
    FROM escalations_task k JOIN places_district d ON d.id = k.district_id
    WHERE k.taken_by = OLD.person_id AND k.state = 'taken' AND d.center_id = team.center_id;
    FOR a IN SELECT x.* FROM escalations_alert x JOIN places_district d ON d.id = x.district_id
            WHERE (d.id = team.district_id OR d.center_id = team.center_id)
              AND (x.state = 'acknowledged' AND x.acknowledged_by = OLD.person_id
                   OR x.id IN (SELECT g.alert_id FROM escalations_page g
                               WHERE g.state = 'due' AND g.person_id = OLD.person_id
                               UNION
                               SELECT s.alert_id FROM escalations_step s WHERE s.state = 'due')
                   AND EXISTS (SELECT 1 FROM escalations_page g
                               WHERE g.alert_id = x.id AND g.person_id = OLD.person_id))
            ORDER BY x.id FOR UPDATE OF x LOOP
        gone := NOT escalations_concerns(p_alert => a, p_person => OLD.person_id,
            p_named => true);
        -- Unless another team of theirs keeps them asked. Who had it as one of those it was handed
        -- to doesn't keep it because an office of theirs might be asked later.
        had := a.state = 'acknowledged' AND a.acknowledged_by = OLD.person_id
            AND (NOT escalations_concerns(p_alert => a, p_person => OLD.person_id,
                    p_named => team.kind = 'school')
                 OR 'team:' || team.id = ANY (a.holders) AND NOT EXISTS (
                    SELECT 1 FROM people_membership m
                    JOIN people_person p ON p.id = m.person_id AND p.is_active
                    WHERE m.person_id = OLD.person_id AND 'team:' || m.team_id = ANY (a.holders)));
        IF gone THEN
            UPDATE escalations_page SET state = 'cancelled'
                WHERE alert_id = a.id AND person_id = OLD.person_id AND state = 'due';
        END IF;
        IF had THEN
            PERFORM escalations_let_go(p_alert => a.id);
        END IF;
        IF had OR gone THEN
            INSERT INTO escalations_news (subject_id, kind, at, person_id, alert_id)
                VALUES (a.subject_id, CASE WHEN had THEN 'let_go' ELSE 'left' END, at,
                        OLD.person_id, a.id);
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
