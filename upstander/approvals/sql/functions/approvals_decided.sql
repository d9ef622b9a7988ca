-- What was asked for begins undecided, and is decided once, before it lapses or its asker is shut
-- out, never by whom it lets in, nor agreed to by who has not opened the tip that it is about
-- since: of any kind. Who may is said by each kind's row policies; that they did not ask, by a
-- CHECK.
CREATE OR REPLACE FUNCTION approvals_decided() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' OR OLD.outcome <> '' OR NEW.outcome <> 'withdrawn'
        AND (OLD.lapses_at <= api.clock_now() OR NOT api.approval_stands(OLD.id)
        OR EXISTS (SELECT 1 FROM people_person p WHERE p.id = NEW.decided_by
            AND lower(p.email) = OLD.about)) THEN
        RAISE EXCEPTION 'nothing to decide' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.outcome = 'approved' AND OLD.tip_id IS NOT NULL AND NOT audit_opened(p_kind => 'tip',
        p_subject => OLD.tip_id, p_person => NEW.decided_by, p_since => OLD.asked_at) THEN
        RAISE EXCEPTION 'whoever agrees has opened the words first'
            USING ERRCODE = 'check_violation';
    END IF;
    NEW.decided_at := date_trunc('second', api.clock_now());
    RETURN NEW;
END $$;
