-- Unless danger is now, nothing is written to police while the reporter's answer about who must not
-- see a tip is not settled: a brief is granted to officers by name. A call waits for nothing.
CREATE OR REPLACE FUNCTION dispatch_page_waits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF tips_unsettled(NEW.tip_id)
        AND EXISTS (SELECT 1 FROM dispatch_brief b WHERE b.id = NEW.brief_id AND NOT b.danger_now)
    THEN
        RAISE EXCEPTION 'the reporter said who must not see this: first settle that'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
