-- A call that was picked up has become a tip: from now on its clock runs, and phones ring. p_past:
-- by what it is known for two years, so that the same signed word of it is not taken for another.
CREATE OR REPLACE FUNCTION api.door_call_begin(p_call uuid, p_tip uuid, p_mark bytea, p_past bytea,
    p_line text, p_provider text, p_sid bytea, p_held bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := date_trunc('second', api.clock_now());
    of_tip record;
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT t.id, t.district_id, t.center_id INTO of_tip FROM tips_tip t
        WHERE t.id = p_tip AND t.channel = 'voice' AND t.received_at > now_ - interval '1 hour'
          AND NOT EXISTS (SELECT 1 FROM doors_call c WHERE c.tip_id = t.id);
    IF of_tip.id IS NULL OR length(p_sid) > 400 OR length(p_held) > 4000 THEN
        RETURN false;
    END IF;
    INSERT INTO doors_call (id, tip_id, district_id, center_id, mark, line, provider, sid, held,
            room, state, back, language, keyed, begun_at, waits_since, heard_at, todo, news)
        VALUES (p_call, of_tip.id, of_tip.district_id, of_tip.center_id, p_mark, p_line, p_provider,
            p_sid, p_held, '', 'waiting', false, '', false, now_, now_, now_, '', false);
    INSERT INTO doors_pastcall (mark, at) VALUES (p_past, date_trunc('day', now_))
        ON CONFLICT DO NOTHING;
    PERFORM pg_notify('due', '');
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.door_call_begin TO upstander_public;
