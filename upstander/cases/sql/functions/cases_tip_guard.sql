-- Which tips are in a case, since when and by whom stays; only the matter follows its tip.
CREATE OR REPLACE FUNCTION cases_tip_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF to_jsonb(NEW) - 'matter_id' IS DISTINCT FROM to_jsonb(OLD) - 'matter_id'
       OR NEW.matter_id IS DISTINCT FROM OLD.matter_id AND NOT EXISTS (
           SELECT 1 FROM tips_tip t WHERE t.id = NEW.tip_id AND t.matter_id = NEW.matter_id) THEN
        RAISE EXCEPTION 'this of a case stays as it is' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
