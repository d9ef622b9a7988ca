-- The place of a confidential service doesn't become one that can be shown.
CREATE OR REPLACE FUNCTION directory_location_hide() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM directory_serviceatlocation x
            JOIN directory_service s ON s.id = x.service_id
            WHERE x.location_id = NEW.id AND s.confidential) THEN
        RAISE EXCEPTION 'a confidential service is at no place that can be shown'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
