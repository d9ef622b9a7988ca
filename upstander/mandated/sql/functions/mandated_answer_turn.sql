-- Up to which turn of the conversation somebody had it who answered. Answers of before that was
-- kept: by their time.
CREATE OR REPLACE FUNCTION mandated_answer_turn(p_answer uuid) RETURNS integer
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(w.turn, greatest(
        (SELECT max(m.turn) FROM tips_message m WHERE m.tip_id = w.tip_id AND m.at <= w.at),
        (SELECT max(f.turn) FROM tips_attachment f WHERE f.tip_id = w.tip_id AND f.at <= w.at), 0))
    FROM mandated_answer w WHERE w.id = p_answer
$$;
