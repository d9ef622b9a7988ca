-- Holds a matter and its tips still until the transaction ends, for whoever begins a report on it.
CREATE OR REPLACE FUNCTION api.lock_matter(p_matter uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM mandated_lock_tips(p_matters => ARRAY[p_matter]);
    PERFORM mandated_lock(p_matters => ARRAY[p_matter]);
END $$;

GRANT EXECUTE ON FUNCTION api.lock_matter TO upstander_center, upstander_district, upstander_school;
