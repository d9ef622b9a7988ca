-- Unless danger is now, nothing is written to police while the reporter's answer about who must not
-- see a tip is not settled: a brief is granted to officers by name. Nor of a talk that the center
-- keeps to itself. A call waits for nothing.
CREATE OR REPLACE FUNCTION emergency_page_waits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM emergency_brief b WHERE b.id = NEW.brief_id AND b.danger_now) THEN
        RETURN NEW;
    END IF;
    IF api.tip_is_held(p_tip => NEW.tip_id) THEN
        RAISE EXCEPTION 'this is a talk: without danger now police do not get it'
            USING ERRCODE = 'check_violation';
    END IF;
    IF tips_unsettled(NEW.tip_id) THEN
        RAISE EXCEPTION 'the reporter said who must not see this: first settle that'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
