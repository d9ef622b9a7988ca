-- A tick in a form sends nobody. A call to 911 is a task only after the person who orders it has
-- opened the words, and nobody takes or ends the decision unread, whatever the code does: a false
-- tip must not send armed officers before anybody has read it.
CREATE OR REPLACE FUNCTION escalations_read_first() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    person bigint;
BEGIN
    IF TG_OP = 'INSERT' AND NEW.kind = 'call_911' AND NEW.taken_by IS NULL THEN
        RAISE EXCEPTION 'a person who has read the words orders a call to 911'
            USING ERRCODE = 'check_violation';
    END IF;
    -- Ended it is by a person, whoever ends it; dropped it is where the tip was closed.
    IF NEW.state = 'done' AND NEW.done_by IS NULL THEN
        RAISE EXCEPTION 'a person who has read the words decides about 911'
            USING ERRCODE = 'check_violation';
    END IF;
    FOREACH person IN ARRAY ARRAY[NEW.taken_by, NEW.done_by,
        CASE WHEN TG_OP = 'INSERT' THEN api.scope_person() END] LOOP
        IF person IS NOT NULL AND NOT audit_opened(p_kind => 'tip', p_subject => NEW.subject_id,
            p_person => person, p_since => '-infinity') THEN
            RAISE EXCEPTION 'whoever decides about 911 has opened the words first'
                USING ERRCODE = 'check_violation';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
