-- False tips have sent armed officers to a disabled child's home. Unless whoever calls says that
-- danger is now, police are sent only when a second person has agreed, for this tip, not long ago.
CREATE OR REPLACE FUNCTION dispatch_police_is_seconded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NEW.danger_now OR (TG_TABLE_NAME = 'dispatch_call'
        AND NOT (to_jsonb(NEW)->>'police')::boolean)
    THEN
        RETURN NEW;
    END IF;
    IF NOT EXISTS (SELECT 1 FROM dispatch_policerequest r
                   WHERE r.id = NEW.request_id AND r.tip_id = NEW.tip_id AND r.state = 'agreed'
                     AND r.decided_by IS NOT NULL AND r.decided_by <> r.asked_by
                     AND r.stands_until >= api.clock_now()) THEN
        RAISE EXCEPTION 'a second person must agree before police are sent'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
