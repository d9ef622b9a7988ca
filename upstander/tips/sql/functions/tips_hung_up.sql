-- Marks a tip whose caller hung up within seconds: on the queue all of them stand as one row
-- (`Tip.hung_up`). A person sets it aside; whoever has it already keeps it as it is.
CREATE OR REPLACE FUNCTION tips_hung_up(p_tip uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_tip SET same_words = convert_to('hung up ', 'UTF8'), said_before = 2,
        changed_at = date_trunc('second', api.clock_now())
        WHERE id = p_tip AND channel = 'voice' AND state = 'new'
$$;
