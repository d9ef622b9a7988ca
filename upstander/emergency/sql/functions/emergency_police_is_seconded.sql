-- False tips have sent armed officers to a disabled child's home. Unless whoever hands it over says
-- that danger is now, police get a brief only when a second person has agreed, for this tip, not
-- long ago.
CREATE OR REPLACE FUNCTION emergency_police_is_seconded() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT NEW.danger_now
        AND NOT emergency_agreed(p_tip => NEW.tip_id, p_request => NEW.request_id)
    THEN
        RAISE EXCEPTION 'a second person must agree before police are sent'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
