-- An officer has it: nobody needs to phone them any more, once no team's brief of the tip is
-- unread. A trigger, since police see no task of the center's.
CREATE OR REPLACE FUNCTION emergency_brief_read() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- Two teams may answer at the same moment, each with the other's brief still unread before it.
    PERFORM pg_advisory_xact_lock(hashtextextended('briefs' || NEW.tip_id, 0));
    IF NOT EXISTS (SELECT 1 FROM emergency_brief b
                   WHERE b.tip_id = NEW.tip_id AND b.state = 'handed') THEN
        PERFORM escalations_tell(p_subject => NEW.tip_id, p_kind => 'briefed',
            p_at => date_trunc('second', api.clock_now()), p_person => api.scope_person());
    END IF;
    RETURN NULL;
END $$;
