-- What every desk page says at its top when something is wrong. It does not depend on the watch:
-- a lane that has fallen silent shows here also when the watch itself is the one. Any staff
-- connection may ask: the answer is about machines.
CREATE OR REPLACE FUNCTION api.watch_troubles() RETURNS TABLE (kind text, about text,
    since timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT 'lane', b.lane, max(b.at) FROM watch_beat b GROUP BY b.lane
        HAVING max(b.at) < api.clock_now() - interval '30 seconds'
    UNION ALL
    SELECT t.kind, t.about, t.since FROM watch_trouble t
        WHERE t.ended_at IS NULL AND t.kind <> 'lane'
    ORDER BY 3
$$;

GRANT EXECUTE ON FUNCTION api.watch_troubles
    TO upstander_admin, upstander_center, upstander_district, upstander_monitor, upstander_school,
    upstander_signin;
