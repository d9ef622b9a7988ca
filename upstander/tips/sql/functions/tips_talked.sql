-- Somebody at the center took the reporter's call: that is their first answer, and no words of it
-- are kept.
CREATE OR REPLACE FUNCTION tips_talked(p_tip uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_tip SET first_reply_at = date_trunc('second', api.clock_now())
        WHERE id = p_tip AND first_reply_at IS NULL
$$;
