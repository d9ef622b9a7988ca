-- Destroys or empties what was written for the police about a tip.
CREATE OR REPLACE FUNCTION dispatch_forget(p_tip uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM dispatch_briefkey WHERE brief_id IN (
        SELECT b.id FROM dispatch_brief b WHERE b.tip_id = p_tip);
    UPDATE dispatch_briefpage SET sealed = '', center_key = '' WHERE tip_id = p_tip;
    UPDATE dispatch_brief SET outcome_sealed = NULL WHERE tip_id = p_tip
        AND outcome_sealed IS NOT NULL;
    UPDATE dispatch_sheet SET sealed = '' WHERE tip_id = p_tip;
    UPDATE dispatch_rosteropening SET sealed = '' WHERE tip_id = p_tip;
$$;
