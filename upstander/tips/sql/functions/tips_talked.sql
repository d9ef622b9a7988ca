-- Somebody at the center took the reporter's call: that is their first answer, and no words of it
-- are kept. p_heard: a counselor, who has the tip. Then nobody waits any more, unless they have
-- also written something.
CREATE OR REPLACE FUNCTION tips_talked(p_tip uuid, p_heard boolean) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_tip t
        SET first_reply_at = coalesce(first_reply_at, date_trunc('second', api.clock_now())),
            waiting_since = CASE WHEN p_heard AND t.channel = 'voice' AND NOT EXISTS (
                SELECT 1 FROM tips_message m WHERE m.tip_id = t.id AND m.author = 'reporter'
                    AND m.kind = 'text' AND m.turn > 1 AND m.at >= t.waiting_since)
                THEN NULL ELSE t.waiting_since END
        WHERE t.id = p_tip
$$;
