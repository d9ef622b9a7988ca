-- What a person does with a task they do in their own name and in the present, whatever the code
-- says: nobody orders, takes or ends it for a colleague, ends it without a word of how, puts off
-- when it rings, or lets it lie open again with no phone that rings for it. The worker does all
-- that follows by itself.
CREATE OR REPLACE FUNCTION escalations_task_moves() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person bigint := api.scope_person();
    present timestamptz := api.clock_now() + interval '1 second';
    own boolean;
    fits boolean;
BEGIN
    IF person IS NULL THEN
        RETURN NEW;
    END IF;
    own := NEW.state = 'taken' AND NEW.taken_by = person AND NEW.taken_at <= present;
    IF TG_OP = 'INSERT' THEN
        fits := (own OR (NEW.state = 'open' AND NEW.taken_by IS NULL))
            AND NEW.done_by IS NULL AND NEW.done_at IS NULL AND NEW.outcome = ''
            -- An hour: it is asked after half of one at most whether help has come.
            AND NEW.due_at <= present + CASE WHEN NEW.kind = 'decide_911' THEN interval '2 minutes'
                WHEN NEW.kind = 'call_911' THEN interval '5 minutes' ELSE interval '1 hour' END;
    ELSE
        fits := CASE NEW.state
            WHEN 'open' THEN NEW.taken_by IS NULL AND (OLD.state = 'open'
                OR (OLD.taken_by = person AND EXISTS (
                    SELECT 1 FROM escalations_step s WHERE s.task_id = NEW.id
                        AND s.state = 'due' AND s.due_at <= present)))
            WHEN 'taken' THEN own OR (OLD.state = 'taken' AND NEW.taken_by = OLD.taken_by
                AND NEW.taken_at = OLD.taken_at)
            WHEN 'done' THEN NEW.done_by = person AND NEW.done_at <= present AND NEW.outcome <> ''
                AND NEW.taken_by IS NOT DISTINCT FROM OLD.taken_by
            -- What it is about was closed: the worker would drop it in a moment.
            ELSE NEW.taken_by IS NOT DISTINCT FROM OLD.taken_by AND EXISTS (
                SELECT 1 FROM escalations_news n
                WHERE n.subject_id = NEW.subject_id AND n.kind = 'closed')
            END
            AND OLD.state::text = ANY ('{open,taken}')
            AND (NEW.state = 'done'
                 OR (NEW.done_by IS NULL AND NEW.done_at IS NULL AND NEW.outcome = ''))
            AND (NEW.due_at <= OLD.due_at
                 OR (own AND NEW.due_at <= present + CASE WHEN NEW.kind = 'decide_911'
                     THEN interval '2 minutes' ELSE interval '5 minutes' END));
    END IF;
    IF fits IS NOT TRUE THEN
        RAISE EXCEPTION 'a task is taken and ended in one''s own name, now, and put off by nobody'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
