-- A hand-off waits while the reporter's answer about who must not see a tip is not settled: said to
-- whoever hands it, on each of the tables that a hand-off writes. What the worker does later with a
-- tip that was handed off is not held up: nobody waits on silence. A tip that was closed while a
-- team had it opens again, as that gives nobody what they had not.
CREATE OR REPLACE FUNCTION tips_handing_waits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    tip uuid := (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
BEGIN
    IF TG_TABLE_NAME = 'tips_tip' AND to_jsonb(OLD) ->> 'state' = 'closed'
       AND EXISTS (SELECT 1 FROM tips_recipient r WHERE r.tip_id = tip) THEN
        RETURN NEW;
    END IF;
    IF api.scope_person() IS NOT NULL AND tips_unsettled(tip) THEN
        RAISE EXCEPTION 'the reporter said who must not see this: first settle that'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
