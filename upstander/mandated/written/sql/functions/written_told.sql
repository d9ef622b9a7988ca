CREATE OR REPLACE FUNCTION written_told() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_paper(p_duty => NEW.duty_id);
    RETURN NULL;
END $$;
