-- Who leads a team: invites into it and renews its key. Officers keep their own, since nobody else
-- may hold its key.
CREATE OR REPLACE FUNCTION people_leading_roles() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['center_supervisor', 'team_lead', 'district_lead', 'administrator', 'officer',
                 'head_of_school', 'compliance_lead', 'staff_lead', 'monitor']
$$;
