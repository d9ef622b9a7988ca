-- Whatever changes what a service says, or where it is, changes how it is searched for.
CREATE OR REPLACE FUNCTION directory_entered() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'directory_service' THEN
        PERFORM directory_enter(NEW.id);
    ELSIF TG_TABLE_NAME = 'directory_organization' THEN
        PERFORM directory_enter(s.id) FROM directory_service s WHERE s.organization_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'directory_location' THEN
        PERFORM directory_enter(x.service_id) FROM directory_serviceatlocation x
            WHERE x.location_id = NEW.id;
    ELSE
        IF TG_OP <> 'INSERT' THEN
            PERFORM directory_enter(OLD.service_id);
        END IF;
        IF TG_OP <> 'DELETE' THEN
            PERFORM directory_enter(NEW.service_id);
        END IF;
    END IF;
    RETURN NULL;
END $$;
