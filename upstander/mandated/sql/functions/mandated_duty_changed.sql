CREATE OR REPLACE FUNCTION mandated_duty_changed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_changed(NEW.district_id, NEW.month);
    RETURN NULL;
END $$;
