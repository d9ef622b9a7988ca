-- The newest two seasons of the key by which a phone is found again, newest first. A month's first
-- call begins a new one; sweeping destroys the third.
CREATE OR REPLACE FUNCTION api.door_seasons() RETURNS TABLE (id bigint, salt bytea)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
BEGIN
    IF NOT EXISTS (SELECT 1 FROM doors_season WHERE begun_at > at - interval '30 days') THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('doors_season', 0));
        IF NOT EXISTS (SELECT 1 FROM doors_season WHERE begun_at > at - interval '30 days') THEN
            INSERT INTO doors_season (salt, begun_at) VALUES (
                sha256(decode(replace(gen_random_uuid()::text || gen_random_uuid()::text
                    || gen_random_uuid()::text, '-', ''), 'hex')), at);
        END IF;
    END IF;
    RETURN QUERY SELECT s.id, s.salt FROM doors_season s
        WHERE s.begun_at > at - interval '60 days' ORDER BY s.begun_at DESC LIMIT 2;
END $$;

GRANT EXECUTE ON FUNCTION api.door_seasons TO upstander_public;
