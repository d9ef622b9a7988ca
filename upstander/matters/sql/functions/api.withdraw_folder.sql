CREATE OR REPLACE FUNCTION api.withdraw_folder(p_folder uuid, p_holder text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT api.holds_folder(p_folder) OR EXISTS (
        SELECT 1 FROM matters_folder f
        WHERE f.id = p_folder AND p_holder = 'person:' || f.opened_by) THEN
        RAISE EXCEPTION 'whoever opened a folder keeps it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN matters_take_back(p_folder => p_folder,
        p_holders => ARRAY[matters_name(p_holder => p_holder, p_to => p_folder)]) > 0;
END $$;

GRANT EXECUTE ON FUNCTION api.withdraw_folder
    TO upstander_center, upstander_district, upstander_school;
