-- Empties what was written about a tip when it was closed.
CREATE OR REPLACE FUNCTION cases_forget(p_tip uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE cases_closing SET sealed = '' WHERE tip_id = p_tip;
    UPDATE cases_secondopinion SET sealed = '' WHERE tip_id = p_tip;
$$;
