-- Codes were tried in the name of this person's number: once for each alert that still asks them,
-- the app above is told. For api.carrier_text alone.
CREATE OR REPLACE FUNCTION api.carrier_tried(p_person bigint, p_provider text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO carriers_inbound (kind, person_id, for_id, answer, at, done, provider, ref)
    SELECT DISTINCT 'sms', p_person, d.for_id, 'tried', date_trunc('second', api.clock_now()),
        false,
        p_provider, 'tried:' || p_person || ':' || d.for_id || ':'
            || to_char(date_trunc('hour', api.clock_now() AT TIME ZONE 'UTC'), 'YYMMDDHH24')
    FROM carriers_delivery d
    WHERE d.person_id = p_person AND d.open AND d.for_id IS NOT NULL
      AND d.attempted_at > api.clock_now() - interval '24 hours'
    ON CONFLICT (provider, ref) DO NOTHING;
    PERFORM pg_notify('due', '');
END $$;

REVOKE EXECUTE ON FUNCTION api.carrier_tried FROM PUBLIC;
