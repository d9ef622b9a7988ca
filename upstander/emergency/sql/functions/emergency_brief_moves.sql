CREATE OR REPLACE FUNCTION emergency_brief_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state <> ALL (ARRAY[
        'handed>acknowledged', 'handed>ended', 'acknowledged>ended']) THEN
        RAISE EXCEPTION 'a brief does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state = 'ended' THEN
        RAISE EXCEPTION 'an outcome stands' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
