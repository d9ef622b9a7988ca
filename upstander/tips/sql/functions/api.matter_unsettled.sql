-- Whether any tip of a matter waits for its center to settle who must not see it: a yes or no.
CREATE OR REPLACE FUNCTION api.matter_unsettled(p_matter uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM tips_waiting(p_matter => p_matter))
$$;

GRANT EXECUTE ON FUNCTION api.matter_unsettled
    TO upstander_center, upstander_district, upstander_former, upstander_school, upstander_worker;
