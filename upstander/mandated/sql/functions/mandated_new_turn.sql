-- The latest turn of a tip's reporter, who wrote or sent a file; 0: none.
CREATE OR REPLACE FUNCTION mandated_new_turn(p_tip uuid) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT greatest(
        (SELECT max(m.turn) FROM tips_message m WHERE m.tip_id = p_tip AND m.author = 'reporter'),
        (SELECT max(f.turn) FROM tips_attachment f WHERE f.tip_id = p_tip), 0)
$$;
