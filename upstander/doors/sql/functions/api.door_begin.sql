-- A phone's first text has become a tip: from now on what it writes is a turn of that.
CREATE OR REPLACE FUNCTION api.door_begin(p_thread uuid, p_tip uuid, p_season bigint, p_mark bytea,
    p_line text, p_number bytea, p_first uuid, p_stop boolean, p_provider text, p_ref text)
    RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT t.id, t.district_id INTO of_tip FROM tips_tip t
        WHERE t.id = p_tip AND t.channel = 'sms' AND t.received_at > at - interval '1 hour'
          AND NOT EXISTS (SELECT 1 FROM doors_thread d WHERE d.tip_id = t.id);
    IF of_tip.id IS NULL OR length(p_number) > 4000 THEN
        RETURN false;
    END IF;
    -- One that has been silent for 30 days, or whose words are gone, makes room.
    DELETE FROM doors_thread d WHERE d.pseudonym = p_mark AND d.line = p_line;
    INSERT INTO doors_thread (id, tip_id, district_id, season_id, pseudonym, line, number, first,
            begun_at, last_at, stopped_at)
        VALUES (p_thread, of_tip.id, of_tip.district_id, p_season, p_mark, p_line, p_number,
            p_first, at, at, CASE WHEN p_stop THEN at END);
    -- Words to come back with that nobody was given: whoever knows the first text and the codes'
    -- key could make them again. The way over to the website makes others.
    PERFORM tips_drop_code(p_tip => p_tip);
    PERFORM doors_copy(p_provider => p_provider, p_ref => p_ref);
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.door_begin TO upstander_public;
