-- Removes links whose time is over. Returns how many went.
CREATE OR REPLACE FUNCTION api.sweep_adult_links() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (
        DELETE FROM tips_adultlink l WHERE l.expires_at <= api.clock_now() RETURNING 1)
    SELECT count(*) FROM gone
$$;

GRANT EXECUTE ON FUNCTION api.sweep_adult_links TO upstander_worker;
