-- Destroys what the doors hold of a tip: its phone with all that is on its way to and from it,
-- calls.
CREATE OR REPLACE FUNCTION doors_forget(p_tip uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM doors_bridge WHERE tip_id = p_tip;
    DELETE FROM doors_thread WHERE tip_id = p_tip;
    DELETE FROM doors_callback WHERE tip_id = p_tip;
    SELECT doors_call_copies(p_call => c.id) FROM doors_call c WHERE c.tip_id = p_tip;
    DELETE FROM doors_call WHERE tip_id = p_tip;
$$;
