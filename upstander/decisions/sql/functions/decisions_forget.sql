-- Empties what was written about a tip when it was closed.
CREATE OR REPLACE FUNCTION decisions_forget(p_tip uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE decisions_closing SET sealed = '' WHERE tip_id = p_tip;
    UPDATE decisions_secondopinion SET sealed = '' WHERE tip_id = p_tip;
$$;
