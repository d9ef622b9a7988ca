CREATE OR REPLACE FUNCTION api.withdraw_folder(p_folder uuid, p_holder text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT api.holds_folder(p_folder) OR EXISTS (
        SELECT 1 FROM places_folder f
        WHERE f.id = p_folder AND p_holder = 'person:' || f.opened_by) THEN
        RAISE EXCEPTION 'whoever opened a folder keeps it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE places_foldergrant SET withdrawn_at = date_trunc('second', api.clock_now()), blob = ''
        WHERE folder_id = p_folder AND holder = p_holder AND withdrawn_at IS NULL;
    RETURN FOUND;
END $$;

GRANT EXECUTE ON FUNCTION api.withdraw_folder
    TO upstander_center, upstander_district, upstander_school;
