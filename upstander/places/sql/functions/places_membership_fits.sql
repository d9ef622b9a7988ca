-- A role outside its kind of team would carry the rights of another kind. And whoever is an officer is
-- nothing else: one account that is both would carry the view of the one into the other.
CREATE OR REPLACE FUNCTION places_membership_fits() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    team places_team%ROWTYPE;
BEGIN
    SELECT * INTO team FROM places_team WHERE id = NEW.team_id;
    IF NOT (CASE team.kind
            WHEN 'center' THEN NEW.role IN ('counselor', 'center_supervisor')
            WHEN 'school' THEN NEW.role IN ('team_member', 'team_lead')
            WHEN 'district' THEN NEW.role = 'district_lead'
            WHEN 'administration' THEN NEW.role = 'administrator'
            WHEN 'police' THEN NEW.role = 'officer'
            WHEN 'monitor' THEN NEW.role = 'monitor'
            WHEN 'staff' THEN NEW.role IN ('staff_member', 'staff_lead')
            WHEN 'office' THEN CASE WHEN team.school_id IS NULL
                THEN NEW.role IN ('compliance_lead', 'superintendent', 'board_chair')
                ELSE NEW.role IN ('head_of_school', 'designee') END
            ELSE false END) THEN
        RAISE EXCEPTION 'a team of this kind has no such role' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
