-- A call that was made is kept, whatever was ticked: refused, it would be made all the same and
-- written down nowhere, or written down as something else. But no code makes one that asked for
-- police look agreed to, or old news look like today's: an agreement that does not stand falls
-- away, and the call bears its flag where danger has no reason, where nobody wrote down what was
-- asked for, and after twelve hours.
CREATE OR REPLACE FUNCTION emergency_call_flagged() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT emergency_agreed(p_tip => NEW.tip_id, p_request => NEW.request_id) THEN
        NEW.request_id := NULL;
        NEW.flagged := NEW.flagged
            OR (NEW.police IS TRUE AND NOT (NEW.danger_now AND NEW.why_given));
    END IF;
    NEW.flagged := NEW.flagged
        OR NEW.police IS NULL
        OR NEW.called_at < greatest(NEW.at, api.clock_now()) - interval '12 hours';
    RETURN NEW;
END $$;
