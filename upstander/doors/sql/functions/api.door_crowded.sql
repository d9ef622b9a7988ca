-- Whether very many phones began to write to a line within ten minutes: what comes then is marked,
-- stands after what came alone, and is answered by nobody but people. None is refused.
CREATE OR REPLACE FUNCTION api.door_crowded(p_line text) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) >= 40 FROM doors_thread d
        WHERE d.line = p_line AND d.begun_at > api.clock_now() - interval '10 minutes'
$$;

GRANT EXECUTE ON FUNCTION api.door_crowded TO upstander_public;
