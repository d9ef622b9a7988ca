-- Whose a later duty is: the roles that may meet what this owner owes, none for one that is no
-- office.
CREATE OR REPLACE FUNCTION mandated_owners(p_owner text) RETURNS text[]
    LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE p_owner
        WHEN 'superintendent' THEN ARRAY['superintendent', 'board_chair']
        WHEN 'head_of_school' THEN people_roles_of(p_kind => 'office', p_of_school => true)
        WHEN 'agency' THEN people_roles_of(p_kind => 'office', p_of_school => false)
        ELSE '{}' END
$$;
