-- The conversation of the number that has one of these marks on a line, if its words still stand.
-- Whoever asks holds the number's lock until the transaction ends: of two texts that come at once
-- from a number that never wrote, the second finds what the first began.
CREATE OR REPLACE FUNCTION api.door_find(p_marks bytea[], p_line text)
    RETURNS TABLE (thread_id uuid, tip_id uuid, inbox_public bytea, language text)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(encode(p_marks[1], 'hex') || p_line, 0));
    RETURN QUERY SELECT d.id, d.tip_id, t.inbox_public, t.language::text FROM doors_thread d
        JOIN tips_tip t ON t.id = d.tip_id
        WHERE d.pseudonym = ANY (p_marks) AND d.line = p_line AND length(t.inbox_public) > 0
          AND d.last_at > api.clock_now() - interval '30 days'
        ORDER BY d.last_at DESC LIMIT 1;
END $$;

GRANT EXECUTE ON FUNCTION api.door_find TO upstander_public;
