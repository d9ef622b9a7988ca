-- Two persons close a life-safety tip, however it ended, whoever asks and by whichever road: what a
-- child wrote is never set aside by one.
CREATE OR REPLACE FUNCTION decisions_two_close() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM decisions_secondopinion o
                   WHERE o.tip_id = NEW.id AND o.kind = 'false' AND o.state = 'agreed'
                     AND o.disposition = NEW.disposition AND o.decided_by <> o.proposed_by
                     AND o.decided_at = date_trunc('second', api.clock_now())
                     AND audit_opened(p_kind => 'tip', p_subject => o.tip_id,
                         p_person => o.decided_by, p_since => o.proposed_at)) THEN
        RAISE EXCEPTION 'a second person must agree to this' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
