-- Something came from a tip's reporter, and took a turn: they wait since then, unless they did
-- already, and what was closed comes back to the center.
CREATE OR REPLACE FUNCTION tips_turned(p_tip uuid, p_at timestamptz) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_tip SET changed_at = p_at, waiting_since = coalesce(waiting_since, p_at),
        ended_by_reporter = false, turns = turns + 1,
        state = CASE WHEN state = 'closed' THEN 'returned' ELSE state END
        WHERE id = p_tip
$$;
