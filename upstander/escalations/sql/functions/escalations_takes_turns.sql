-- A new step or page takes its turn with those of its school and of its kind, whoever writes it.
CREATE OR REPLACE FUNCTION escalations_takes_turns() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    SELECT coalesce(a.school_id, -a.district_id), escalations_turn(p_alert => a)
        INTO NEW.school_key, NEW.turn FROM escalations_alert a WHERE a.id = NEW.alert_id;
    RETURN NEW;
END $$;
