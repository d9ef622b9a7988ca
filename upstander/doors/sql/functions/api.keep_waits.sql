-- How long each center's reporters wait at this hour of its day until a counselor opens their
-- words: the median of 30 days, in whole minutes, from 20 tips on and with somebody on shift. A tip
-- that nobody has read counts as one that waits without end: neither a flood nor a night without
-- anybody makes the figure better. On shift is whom the rota calls first (``p_on_shift``: the
-- centers that have somebody), or who is at work at the desk. The worker's, each minute; it reads
-- no tip itself.
CREATE OR REPLACE FUNCTION api.keep_waits(p_on_shift bigint[]) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_at timestamptz := date_trunc('second', api.clock_now());
    kept integer;
BEGIN
    INSERT INTO doors_usualwait AS w (center_id, minutes, tips, at)
    SELECT c.id, CASE WHEN m.tips >= 20 AND m.median < 'infinity' AND s.on_shift
            THEN greatest(1, ceil(m.median / 60))::integer END, m.tips, now_at
    FROM places_center c
    CROSS JOIN LATERAL (SELECT count(*) AS tips, percentile_disc(0.5) WITHIN GROUP (ORDER BY
            coalesce(extract(epoch FROM t.first_read_at - t.received_at)::float8, 'infinity'))
            AS median
        FROM places_district d JOIN tips_tip t ON t.district_id = d.id
        WHERE d.center_id = c.id AND d.id IS DISTINCT FROM (SELECT api.probe_part('district'))
          AND t.received_at > now_at - interval '30 days' AND t.received_at <= now_at
          AND NOT t.junk AND t.channel IN ('web', 'sms', 'voice')
          -- A call that goes on in an earlier report is read there.
          AND NOT (t.state = 'closed' AND t.first_read_at IS NULL)
          AND extract(hour FROM t.received_at AT TIME ZONE c.time_zone)
              = extract(hour FROM now_at AT TIME ZONE c.time_zone)) m
    CROSS JOIN LATERAL (SELECT c.id = ANY (p_on_shift) OR EXISTS (
        SELECT 1 FROM people_staffsession f
        JOIN people_person p ON p.id = f.person_id AND p.is_active
        JOIN people_membership b ON b.person_id = f.person_id
        JOIN people_team t ON t.id = b.team_id AND t.kind = 'center' AND t.center_id = c.id
        WHERE f.complete AND people_session_ends(f.started_at, f.used_at) > now_at) AS on_shift) s
    ON CONFLICT (center_id) DO UPDATE SET minutes = excluded.minutes, tips = excluded.tips,
        at = excluded.at;
    GET DIAGNOSTICS kept = ROW_COUNT;
    RETURN kept;
END $$;

GRANT EXECUTE ON FUNCTION api.keep_waits TO upstander_worker;
