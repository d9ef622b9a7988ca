-- Nobody outside the center is asked by hand about a tip while its reporter's answer about who must
-- not see it is not settled: it may be they. Whoever was asked before is asked again all the same.
CREATE OR REPLACE FUNCTION tips_asking_waits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF api.scope_person() IS NOT NULL AND NEW.target LIKE 'person:%'
       AND EXISTS (
           SELECT 1 FROM escalations_alert a
           WHERE a.id = NEW.alert_id AND tips_unsettled(a.subject_id))
       AND NOT EXISTS (
           SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
           WHERE t.kind = 'center' AND 'person:' || m.person_id = NEW.target)
       AND NOT EXISTS (
           SELECT 1 FROM escalations_step s
           WHERE s.alert_id = NEW.alert_id AND s.target = NEW.target) THEN
        RAISE EXCEPTION 'the reporter said who must not see this: first settle that'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
