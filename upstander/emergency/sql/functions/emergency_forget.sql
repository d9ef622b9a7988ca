-- Destroys or empties what was written for the police about a tip.
CREATE OR REPLACE FUNCTION emergency_forget(p_tip uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM emergency_briefkey WHERE brief_id IN (
        SELECT b.id FROM emergency_brief b WHERE b.tip_id = p_tip);
    UPDATE emergency_briefpage SET sealed = '', center_key = '' WHERE tip_id = p_tip;
    UPDATE emergency_brief SET outcome_sealed = NULL WHERE tip_id = p_tip
        AND outcome_sealed IS NOT NULL;
    UPDATE emergency_callcorrection SET sealed = '' WHERE tip_id = p_tip;
    UPDATE emergency_sheet SET sealed = '' WHERE tip_id = p_tip;
    UPDATE emergency_rosteropening SET sealed = '' WHERE tip_id = p_tip;
$$;
