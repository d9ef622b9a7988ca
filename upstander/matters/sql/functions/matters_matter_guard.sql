-- Said to the tables' owner too, and to a center, which may write a matter down.
CREATE OR REPLACE FUNCTION matters_matter_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'INSERT'
       OR EXISTS (SELECT 1 FROM matters_matter m WHERE m.merged_into_id = NEW.id)
       OR NOT EXISTS (SELECT 1 FROM matters_matter m WHERE m.id = NEW.merged_into_id
                      AND m.merged_into_id IS NULL AND m.district_id = NEW.district_id) THEN
        RAISE EXCEPTION 'a matter is taken up by one of its district that stands for itself'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
