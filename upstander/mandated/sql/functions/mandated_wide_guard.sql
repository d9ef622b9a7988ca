-- What was asked for stays; it is decided once, by another than who asked.
CREATE OR REPLACE FUNCTION mandated_wide_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.duty_id, NEW.district_id, NEW.matter_id, NEW.person_macs, NEW.asked_by,
        NEW.asked_at)
       IS DISTINCT FROM
       (OLD.id, OLD.duty_id, OLD.district_id, OLD.matter_id, OLD.person_macs, OLD.asked_by,
        OLD.asked_at)
       OR OLD.decided_at IS NOT NULL OR NEW.decided_at IS NULL OR NEW.agreed IS NULL
       OR NEW.decided_by IS NOT DISTINCT FROM NEW.asked_by OR NEW.decided_by IS NULL THEN
        RAISE EXCEPTION 'such an exclusion is decided once, by a second person'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
