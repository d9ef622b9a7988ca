-- An officer has it: nobody needs to phone them any more, once no team's brief of the tip is
-- unread. A trigger, since police see no task of the center's. The tip's alert first, then the task
-- and its steps, as everybody locks them.
CREATE OR REPLACE FUNCTION dispatch_brief_read() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    task escalations_task%ROWTYPE;
BEGIN
    -- Two teams may answer at the same moment, each with the other's brief still unread before it.
    PERFORM pg_advisory_xact_lock(hashtextextended('briefs' || NEW.tip_id, 0));
    IF EXISTS (SELECT 1 FROM dispatch_brief b WHERE b.tip_id = NEW.tip_id
        AND b.state = 'handed') THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM escalations_alert a WHERE a.id IN (SELECT k.alert_id FROM escalations_task k
        WHERE k.subject_id = NEW.tip_id AND k.kind = 'confirm_brief' AND k.state IN ('open',
            'taken'))
        ORDER BY a.id FOR UPDATE;
    FOR task IN SELECT * FROM escalations_task k WHERE k.subject_id = NEW.tip_id
            AND k.kind = 'confirm_brief' AND k.state IN ('open', 'taken') FOR UPDATE LOOP
        UPDATE escalations_task SET state = 'done', done_by = api.scope_person(),
            done_at = date_trunc('second', api.clock_now()), outcome = 'reached' WHERE id = task.id;
        UPDATE escalations_page p SET state = 'cancelled' FROM escalations_step s
            WHERE s.task_id = task.id AND p.alert_id = s.alert_id AND p.step_number = s.number
              AND p.cause = 'task' AND p.state = 'due';
        UPDATE escalations_step SET state = 'cancelled' WHERE task_id = task.id AND state = 'due';
        PERFORM audit_record(p_actor_kind => 'staff', p_actor_id => api.scope_person(),
            p_action => 'task done', p_subject_kind => 'tip', p_subject_id => NEW.tip_id::text,
            p_district_id => task.district_id, p_matter_id => task.matter_id,
            p_detail => '{"kind": "confirm_brief", "outcome": "reached"}');
    END LOOP;
    RETURN NULL;
END $$;
