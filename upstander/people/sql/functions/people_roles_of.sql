-- The roles of a kind of team; a school's office has others than the district's. None of an unknown
-- kind.
CREATE OR REPLACE FUNCTION people_roles_of(p_kind text, p_of_school boolean) RETURNS text[]
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_kind
        WHEN 'center' THEN ARRAY['counselor', 'center_supervisor']
        WHEN 'school' THEN ARRAY['team_member', 'team_lead']
        WHEN 'district' THEN ARRAY['district_lead']
        WHEN 'administration' THEN ARRAY['administrator']
        WHEN 'police' THEN ARRAY['officer']
        WHEN 'monitor' THEN ARRAY['monitor']
        WHEN 'staff' THEN ARRAY['staff_member', 'staff_lead']
        WHEN 'office' THEN CASE WHEN p_of_school THEN ARRAY['head_of_school', 'designee']
            ELSE ARRAY['compliance_lead', 'superintendent', 'board_chair'] END
        ELSE '{}' END
$$;
