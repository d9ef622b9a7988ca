-- Nobody is asked to agree to an end that could not be.
CREATE OR REPLACE FUNCTION mandated_end_proposed() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_over(p_matters => ARRAY[t.matter_id], p_tips => ARRAY[t.id],
        p_abuse => t.mandated, p_says => NEW.disposition)
    FROM tips_tip t WHERE t.id = NEW.tip_id;
    RETURN NEW;
END $$;
