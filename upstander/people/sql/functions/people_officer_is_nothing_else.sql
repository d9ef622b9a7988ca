-- An officer is nothing else: one account that is both would carry the view of the one into the
-- other. And a monitor, too, is nothing else.
CREATE OR REPLACE FUNCTION people_officer_is_nothing_else() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM people_person WHERE id = NEW.person_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM people_membership m JOIN people_team t ON t.id = m.team_id
               JOIN people_team n ON n.id = NEW.team_id
               WHERE m.person_id = NEW.person_id AND m.team_id <> NEW.team_id
                 AND ((t.kind = 'police') <> (n.kind = 'police')
                      OR (t.kind = 'monitor') <> (n.kind = 'monitor'))) THEN
        RAISE EXCEPTION 'an officer or a monitor is of no other kind of team'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
