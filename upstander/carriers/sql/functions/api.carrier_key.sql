-- A key pressed in a call. "I have it" counts with the person's own digit only, of which p_mac is
-- the mark, and after three wrong ones no more.
CREATE OR REPLACE FUNCTION api.carrier_key(p_provider text, p_delivery uuid, p_ref text,
    p_answer text,
        p_mac bytea) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    d carriers_delivery;
BEGIN
    SELECT * INTO d FROM carriers_delivery WHERE id = p_delivery AND provider = p_provider
        AND channel = 'voice' AND p_ref <> '' AND provider_ref IN ('', p_ref) FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'unknown';
    END IF;
    IF d.for_id IS NULL OR d.key_tries >= 3
            OR d.attempted_at < api.clock_now() - interval '1 hour' THEN
        RETURN 'over';
    END IF;
    IF p_answer = 'have_it' AND d.digit_mac IS DISTINCT FROM p_mac THEN
        UPDATE carriers_delivery SET key_tries = key_tries + 1 WHERE id = d.id;
        RETURN CASE WHEN d.key_tries >= 2 THEN 'over' ELSE 'wrong' END;
    END IF;
    INSERT INTO carriers_inbound (kind, person_id, for_id, answer, at, done, provider, ref)
    VALUES ('key', d.person_id, d.for_id, p_answer, date_trunc('second', api.clock_now()), false,
            p_provider, p_ref || ':' || p_answer)
    ON CONFLICT (provider, ref) DO NOTHING;
    PERFORM pg_notify('due', '');
    RETURN 'right';
END $$;

GRANT EXECUTE ON FUNCTION api.carrier_key TO upstander_public;
