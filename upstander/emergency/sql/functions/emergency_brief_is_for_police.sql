-- Only police of the tip's own district are given anything, and never the tip itself.
CREATE OR REPLACE FUNCTION emergency_brief_is_for_police() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM people_team t JOIN tips_tip x ON x.id = NEW.tip_id
                   WHERE t.id = NEW.team_id AND t.kind = 'police'
                     AND t.district_id = x.district_id AND x.matter_id = NEW.matter_id) THEN
        RAISE EXCEPTION 'a brief is for police of the district' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
