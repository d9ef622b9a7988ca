-- Its owner knows now that it is about nobody in the school's office, which sees it from here on.
CREATE OR REPLACE FUNCTION api.duty_known(p_duty uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE mandated_routing r SET past_building = false FROM mandated_duty d
        WHERE d.id = r.duty_id AND r.duty_id = p_duty AND r.past_building
          AND d.person_id = api.scope_person();
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION api.duty_known TO upstander_center, upstander_district, upstander_school;
