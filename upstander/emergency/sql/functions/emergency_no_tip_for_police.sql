CREATE OR REPLACE FUNCTION emergency_no_tip_for_police() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM people_team t WHERE t.kind = 'police' AND 'team:' || t.id = NEW.holder)
    THEN
        RAISE EXCEPTION 'police get briefs, not tips' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
