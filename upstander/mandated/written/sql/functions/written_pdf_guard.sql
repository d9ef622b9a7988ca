-- A form that was taken out of use stays as it was: reports were filled into it.
CREATE OR REPLACE FUNCTION written_pdf_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.form, NEW.pdf, NEW.person_id, NEW.at) IS DISTINCT FROM
       (OLD.id, OLD.form, OLD.pdf, OLD.person_id, OLD.at) OR OLD.withdrawn_at IS NOT NULL THEN
        RAISE EXCEPTION 'a form is replaced, not changed' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
