-- A confidential service is at confidential locations alone, and those stay so. Both rows are held
-- until the end, so that nobody changes one of them between the look and the writing.
CREATE OR REPLACE FUNCTION directory_place_hide() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM FROM directory_location WHERE id = NEW.location_id FOR SHARE;
    PERFORM FROM directory_service WHERE id = NEW.service_id FOR SHARE;
    IF EXISTS (SELECT FROM directory_service s, directory_location l
            WHERE s.id = NEW.service_id AND l.id = NEW.location_id
                AND s.confidential AND NOT l.confidential) THEN
        RAISE EXCEPTION 'a confidential service is at no place that can be shown'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
