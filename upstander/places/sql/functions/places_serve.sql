-- Another center serves a district from now on, or tips that name no place come to it. Who may say
-- so, the caller has asked.
CREATE OR REPLACE FUNCTION places_serve(p_district bigint, p_center bigint, p_catch_all boolean)
    RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    IF p_catch_all THEN
        UPDATE places_district d SET catch_all = false WHERE d.catch_all AND d.id <> p_district;
        UPDATE places_district d SET catch_all = true WHERE d.id = p_district;
    ELSE
        UPDATE places_district d SET center_id = p_center WHERE d.id = p_district;
    END IF;
END $$;
