-- Destroys or empties what a tip holds besides its clear columns.
CREATE OR REPLACE FUNCTION tips_forget(p_tip uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM tips_returncode WHERE tip_id = p_tip;
    DELETE FROM tips_unread WHERE tip_id = p_tip;
    DELETE FROM tips_talk WHERE tip_id = p_tip;
    DELETE FROM tips_draft WHERE tip_id = p_tip;
    DELETE FROM tips_subjectblindindex WHERE tip_id = p_tip;
    DELETE FROM tips_subject WHERE tip_id = p_tip;
    DELETE FROM tips_attachment WHERE tip_id = p_tip;
    UPDATE tips_message SET sealed = '' WHERE tip_id = p_tip;
    UPDATE tips_note SET sealed = '' WHERE tip_id = p_tip;
    UPDATE tips_tip SET inbox_public = '', similarity = NULL, same_words = NULL WHERE id = p_tip;
$$;
