-- Two persons close a life-safety tip, however it ended, whoever asks and by whichever road: what a
-- child wrote is never set aside by one.
CREATE OR REPLACE FUNCTION cases_two_close() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM cases_secondopinion o
                   WHERE o.tip_id = NEW.id AND o.kind = 'false' AND o.state = 'agreed'
                     AND o.disposition = NEW.disposition AND o.decided_by <> o.proposed_by
                     AND o.decided_at = date_trunc('second', api.clock_now())) THEN
        RAISE EXCEPTION 'a second person must agree to this' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
