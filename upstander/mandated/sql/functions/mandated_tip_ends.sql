CREATE OR REPLACE FUNCTION mandated_tip_ends() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_over(p_matters => ARRAY[NEW.matter_id, OLD.matter_id],
        p_tips => ARRAY[NEW.id], p_abuse => NEW.mandated,
        p_says => NEW.disposition);
    RETURN NEW;
END $$;
