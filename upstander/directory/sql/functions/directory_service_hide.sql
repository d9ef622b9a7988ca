-- One term of violence, shelter or trafficking, or beneath one, makes a service confidential, and
-- who runs it with it: their words are read by somebody before they are shown.
CREATE OR REPLACE FUNCTION directory_service_hide() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    NEW.confidential := NEW.confidential OR EXISTS (
        SELECT FROM directory_broader(p_terms => NEW.terms) t WHERE t.confidential);
    IF NEW.confidential THEN
        UPDATE directory_organization SET confidential = true
            WHERE id = NEW.organization_id AND NOT confidential;
        IF EXISTS (SELECT FROM directory_serviceatlocation x
                JOIN directory_location l ON l.id = x.location_id
                WHERE x.service_id = NEW.id AND NOT l.confidential) THEN
            RAISE EXCEPTION 'a confidential service is at no place that can be shown'
                USING ERRCODE = 'check_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
