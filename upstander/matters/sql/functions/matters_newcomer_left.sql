-- Whoever leaves a team waits for nothing of it any more; coming back, they wait anew.
CREATE OR REPLACE FUNCTION matters_newcomer_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM matters_newcomer n WHERE n.person_id = OLD.person_id AND n.team_id = OLD.team_id;
    RETURN NULL;
END $$;
