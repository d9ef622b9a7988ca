-- Whether what goes is gone from backups too, in time: the file that wraps the shred keys lies in
-- two places, seen within five minutes, and was renewed within two days. Only then may a page say
-- so.
CREATE OR REPLACE FUNCTION api.forgetting_holds() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce((
        SELECT f.twice_at > api.clock_now() - interval '5 minutes'
           AND f.made_at > api.clock_now() - interval '2 days'
        FROM vault_shredfile f ORDER BY f.version DESC LIMIT 1), false)
$$;

GRANT EXECUTE ON FUNCTION api.forgetting_holds
    TO upstander_center, upstander_district, upstander_admin, upstander_worker;
