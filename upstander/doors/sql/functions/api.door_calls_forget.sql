-- What is over goes: calls two minutes after their end, the number of who wishes to be called back
-- after a day, and a week later that nobody reached them; marks of calls that were heard of after
-- two years. Returns how many rows went.
CREATE OR REPLACE FUNCTION api.door_calls_forget() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    now_ timestamptz := api.clock_now();
    gone bigint;
    more bigint;
BEGIN
    PERFORM doors_call_copies(p_call => c.id) FROM doors_call c
        WHERE c.ended_at <= now_ - interval '2 minutes';
    -- Not before the alert knows who had it.
    DELETE FROM doors_call c WHERE c.ended_at <= now_ - interval '2 minutes' AND NOT c.news;
    GET DIAGNOSTICS gone = ROW_COUNT;
    -- Whoever is being rung is not cut off by it.
    PERFORM doors_wish_ends(p_tip => b.tip_id, p_how => 'unreached') FROM doors_callback b
        WHERE b.at <= now_ - interval '1 day' AND b.ended_at IS NULL AND NOT EXISTS (
            SELECT 1 FROM doors_call c WHERE c.tip_id = b.tip_id AND c.back
                AND c.ended_at IS NULL);
    DELETE FROM doors_callback b WHERE b.ended_at IS NOT NULL AND b.at <= now_ - interval '1 day'
        AND (b.how <> 'unreached' OR b.ended_at <= now_ - interval '7 days');
    GET DIAGNOSTICS more = ROW_COUNT;
    gone := gone + more;
    DELETE FROM doors_pastcall p WHERE p.at <= now_ - interval '2 years';
    GET DIAGNOSTICS more = ROW_COUNT;
    RETURN gone + more;
END $$;

GRANT EXECUTE ON FUNCTION api.door_calls_forget TO upstander_worker;
