-- A monitor's view always has an end, a year away at most; nobody else's has one.
CREATE OR REPLACE FUNCTION people_monitor_ends() RETURNS trigger LANGUAGE plpgsql
    SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    latest timestamptz := date_trunc('second', api.clock_now()) + interval '1 year';
BEGIN
    NEW.until := CASE WHEN NEW.role = 'monitor' THEN least(coalesce(NEW.until, latest), latest) END;
    RETURN NEW;
END $$;
