-- A role outside its kind of team would carry the rights of another kind. And whoever is an officer
-- is nothing else: one account that is both would carry the view of the one into the other.
CREATE OR REPLACE FUNCTION people_membership_fits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    team people_team%ROWTYPE;
BEGIN
    SELECT * INTO team FROM people_team WHERE id = NEW.team_id;
    IF NEW.role <> ALL (people_roles_of(team.kind, team.school_id IS NOT NULL)) THEN
        RAISE EXCEPTION 'a team of this kind has no such role' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
