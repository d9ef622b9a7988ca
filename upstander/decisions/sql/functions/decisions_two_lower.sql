-- Two persons lower a life-safety tip, whoever asks and however.
CREATE OR REPLACE FUNCTION decisions_two_lower() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM decisions_secondopinion o
                   WHERE o.tip_id = NEW.id AND o.kind = 'lower' AND o.state = 'agreed'
                     AND o.to_priority = NEW.priority AND o.decided_by <> o.proposed_by
                     AND o.decided_at = date_trunc('second', api.clock_now())
                     AND audit_opened(p_kind => 'tip', p_subject => o.tip_id,
                         p_person => o.decided_by, p_since => o.proposed_at)) THEN
        RAISE EXCEPTION 'a second person must agree to this' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
