-- How a call was made is written once: nobody takes its flag off later.
CREATE OR REPLACE FUNCTION emergency_call_stays() RETURNS trigger
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'a call that was written down stays' USING ERRCODE = 'check_violation';
END $$;
