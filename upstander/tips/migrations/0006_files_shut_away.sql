-- Only the center shuts a file away; nobody else changes anything about one.
REVOKE UPDATE (state) ON tips_attachment FROM upstander_school, upstander_district;
GRANT UPDATE (sealed, held) ON tips_attachment TO upstander_center;

-- And a file that is shut stays shut, whoever asks.
CREATE FUNCTION tips_attachment_stays_shut() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state <> ALL (ARRAY[
        'ready>shutting', 'shutting>quarantined'])
    THEN
        RAISE EXCEPTION 'a file does not go from % to %', OLD.state, NEW.state
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tips_attachment_stays_shut BEFORE UPDATE OF state ON tips_attachment
    FOR EACH ROW EXECUTE FUNCTION tips_attachment_stays_shut();
