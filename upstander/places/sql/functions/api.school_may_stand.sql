-- Whether an administrator alone may add a school: none of its district is called so, whatever the
-- case and blanks, and the district is not an agency of advocates' own.
CREATE OR REPLACE FUNCTION api.school_may_stand(p_district bigint, p_name text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT NOT EXISTS (SELECT 1 FROM places_school s WHERE s.district_id = p_district
            AND regexp_split_to_array(lower(btrim(s.name, ' ,')), '[\s,]+')
                = regexp_split_to_array(lower(btrim(p_name, ' ,')), '[\s,]+'))
        AND (EXISTS (SELECT 1 FROM places_school s WHERE s.district_id = p_district)
            OR NOT EXISTS (SELECT 1 FROM places_district d JOIN places_center c
                ON c.id = d.center_id AND c.advocates WHERE d.id = p_district))
$$;

GRANT EXECUTE ON FUNCTION api.school_may_stand TO upstander_admin;
