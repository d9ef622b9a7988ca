-- And a file that is shut stays shut, whoever asks.
CREATE OR REPLACE FUNCTION tips_attachment_stays_shut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state <> ALL (ARRAY[
        'ready>shutting', 'shutting>quarantined'])
    THEN
        RAISE EXCEPTION 'a file does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
