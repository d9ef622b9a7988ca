-- Planned, begun, done: nothing goes back, and what is done stands.
CREATE OR REPLACE FUNCTION lessons_session_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL
       OR (OLD.begun_at IS NOT NULL AND NEW.begun_at IS DISTINCT FROM OLD.begun_at)
       OR (OLD.begun_at IS NULL AND NEW.ended_at IS NOT NULL) THEN
        RAISE EXCEPTION 'a session is planned, then begun, then done'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
