CREATE OR REPLACE FUNCTION api.folder_holders(p_folder uuid)
    RETURNS TABLE (holder text, since timestamptz, until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.holder, g.since, g.until FROM matters_foldergrant g
    WHERE g.folder_id = p_folder
      AND (g.until IS NULL OR g.until > api.clock_now()) AND api.holds_folder(p_folder)
    ORDER BY g.since, g.id
$$;

GRANT EXECUTE ON FUNCTION api.folder_holders
    TO upstander_center, upstander_district, upstander_school;
