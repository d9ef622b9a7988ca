-- Removes tips as if they had never come: synthetic ones alone. A real one is never removed.
CREATE OR REPLACE FUNCTION tips_remove(p_tips uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM tips_unread WHERE tip_id = ANY (p_tips);
    DELETE FROM tips_talk WHERE tip_id = ANY (p_tips);
    DELETE FROM tips_returncode WHERE tip_id = ANY (p_tips);
    DELETE FROM tips_message WHERE tip_id = ANY (p_tips);
    DELETE FROM tips_tip WHERE id = ANY (p_tips);
$$;
