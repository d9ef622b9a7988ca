-- A school's staff, each of whom owes their own reports, and the offices that see whether reports were
-- made: the head of a school and their designee, the district's compliance lead, the superintendent.
-- They hold no tip. In the database they are the school's role, which goes by what was granted.
CREATE OR REPLACE FUNCTION places_leading_roles() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['center_supervisor', 'team_lead', 'district_lead', 'administrator', 'officer',
                 'head_of_school', 'compliance_lead', 'staff_lead']
$$;

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
            WHEN 'staff' THEN NEW.role IN ('staff_member', 'staff_lead')
            WHEN 'office' THEN CASE WHEN team.school_id IS NULL
                THEN NEW.role IN ('compliance_lead', 'superintendent', 'board_chair')
                ELSE NEW.role IN ('head_of_school', 'designee') END
            ELSE false END) THEN
        RAISE EXCEPTION 'a team of this kind has no such role' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;

-- As before; who is of a team and of an office too begins with the team.
CREATE OR REPLACE FUNCTION api.start_session(hash bytea, person bigint, mac bytea, seed bytea,
    done boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO places_staffsession
        (token_hash, person_id, person_mac, kind, sealed_seed, complete, started_at, used_at)
    SELECT hash, person, mac, coalesce((SELECT t.kind FROM places_membership m
        JOIN places_team t ON t.id = m.team_id WHERE m.person_id = person
        ORDER BY array_position(ARRAY['administration','center','district','school','office',
                                      'staff']::text[], t.kind::text) LIMIT 1), ''),
        seed, done, api.clock_now(), api.clock_now()
$$;
