-- Takes away the words by which somebody could come back to a tip.
CREATE OR REPLACE FUNCTION tips_drop_code(p_tip uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM tips_returncode WHERE tip_id = p_tip
$$;
