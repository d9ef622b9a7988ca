-- The worker's broom: what was taken back so long ago that no backup of before is restored by the
-- list (retention/tombstones.py). Returns how much it swept.
CREATE OR REPLACE FUNCTION api.sweep_matters() RETURNS bigint
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH taken AS (
        DELETE FROM matters_takenback WHERE at < api.clock_now() - interval '70 days' RETURNING 1)
    SELECT count(*) FROM taken
$$;

GRANT EXECUTE ON FUNCTION api.sweep_matters TO upstander_worker;
