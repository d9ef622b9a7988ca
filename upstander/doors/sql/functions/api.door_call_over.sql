-- The caller has hung up, as the provider says by itself or when it is asked.
CREATE OR REPLACE FUNCTION api.door_call_over(p_call uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT doors_call_over(p_call => p_call)
$$;

GRANT EXECUTE ON FUNCTION api.door_call_over TO upstander_public, upstander_worker;
