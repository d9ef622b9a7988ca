CREATE OR REPLACE FUNCTION register_opens(p_entry uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM register_entry e WHERE e.id = p_entry AND e.disposed_at IS NULL
        AND e.district_id = ANY (api.register_districts()) AND api.holds_folder(e.folder_id))
$$;
