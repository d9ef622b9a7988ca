-- What is open is reminded of when it is due at the latest, and afterwards within each day. Whoever
-- may push a reminder on (its owner's own functions, the worker) can't push it out of sight, and
-- the tables' owner can't either.
CREATE OR REPLACE FUNCTION mandated_reminder_soon() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    row jsonb := to_jsonb(NEW);
    due timestamptz := coalesce(row ->> 'due_at', row ->> 'written_due', row ->> 'first_due');
BEGIN
    -- Who above them hears of a silence (mandated_asked): within each day as well.
    IF (row ->> 'climb_at')::timestamptz > api.clock_now() + interval '1 day'
       AND (TG_OP = 'INSERT' OR row ->> 'climb_at' IS DISTINCT FROM to_jsonb(OLD) ->> 'climb_at')
    THEN
        RAISE EXCEPTION 'whoever is above them hears of it within a day'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF (TG_OP = 'INSERT' OR NEW.remind_at IS DISTINCT FROM OLD.remind_at)
       AND NEW.remind_at > greatest(due, api.clock_now() + interval '1 day') THEN
        RAISE EXCEPTION 'a reminder comes when it is due at the latest, then within a day'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
