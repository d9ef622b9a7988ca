-- A request is decided once, and an agreement is about these hours, not about the child for good.
CREATE OR REPLACE FUNCTION emergency_request_moves() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT' AND (NEW.state <> 'open' OR NEW.decided_by IS NOT NULL) THEN
        RAISE EXCEPTION 'a request begins undecided' USING ERRCODE = 'check_violation';
    ELSIF TG_OP = 'UPDATE' AND (OLD.state <> 'open' OR NEW.state = 'open') THEN
        RAISE EXCEPTION 'a request is decided once' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'agreed' AND NOT audit_opened(p_kind => 'tip', p_subject => NEW.tip_id,
        p_person => NEW.decided_by, p_since => NEW.asked_at) THEN
        RAISE EXCEPTION 'whoever agrees has opened the words first'
            USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.stands_until > api.clock_now() + interval '2 hours' THEN
        RAISE EXCEPTION 'an agreement stands two hours' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
