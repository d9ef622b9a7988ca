-- A key that somebody has stays theirs: who signs people in wraps it anew, and never by nothing.
CREATE OR REPLACE FUNCTION vault_personkey_stays() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF (OLD.by_password IS NOT NULL AND coalesce(length(NEW.by_password), 0) < 32)
       OR (OLD.by_recovery IS NOT NULL AND coalesce(length(NEW.by_recovery), 0) < 32) THEN
        RAISE EXCEPTION 'a key is wrapped anew, never taken away' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
