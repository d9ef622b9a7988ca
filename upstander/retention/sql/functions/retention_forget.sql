-- Destroys what opens one tip or folder, and empties what may be emptied; idempotent. What a trigger keeps
-- as it was written stays, and opens by nothing. Clear columns stay for the figures, and the record's
-- entries as every entry does. The owner's alone: disposal below, and a restore that replays tombstones.
CREATE OR REPLACE FUNCTION retention_forget(p_subject uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    inner_one uuid := (SELECT inner_id FROM cases_case WHERE id = p_subject);
    duty uuid := (SELECT id FROM mandated_duty WHERE folder_id = p_subject);
BEGIN
    DELETE FROM vault_shredkey WHERE subject IN (p_subject, inner_one);
    DELETE FROM places_foldergrant WHERE folder_id IN (p_subject, inner_one);
    INSERT INTO retention_leftover (file)
        SELECT id FROM tips_attachment WHERE tip_id = p_subject
        UNION SELECT id FROM cases_caseitem WHERE case_id = p_subject AND kind = 'file'
        UNION SELECT id FROM written_evidence WHERE duty_id = duty
        ON CONFLICT DO NOTHING;
    DELETE FROM written_draft WHERE duty_id = duty;
    IF NOT EXISTS (SELECT 1 FROM tips_tip WHERE id = p_subject) THEN
        RETURN;
    END IF;
    DELETE FROM vault_grant WHERE tip_id = p_subject;
    DELETE FROM tips_returncode WHERE tip_id = p_subject;
    DELETE FROM tips_talk WHERE tip_id = p_subject;
    DELETE FROM tips_draft WHERE tip_id = p_subject;
    DELETE FROM tips_subjectmark WHERE tip_id = p_subject;
    DELETE FROM tips_subject WHERE tip_id = p_subject;
    DELETE FROM tips_attachment WHERE tip_id = p_subject;
    UPDATE tips_message SET sealed = '' WHERE tip_id = p_subject;
    UPDATE tips_note SET sealed = '' WHERE tip_id = p_subject;
    UPDATE tips_tip SET inbox_public = '', likeness = NULL WHERE id = p_subject;
    UPDATE cases_closing SET sealed = '' WHERE tip_id = p_subject;
    UPDATE cases_secondopinion SET sealed = '' WHERE tip_id = p_subject;
    DELETE FROM dispatch_briefkey WHERE brief_id IN (
        SELECT b.id FROM dispatch_brief b WHERE b.tip_id = p_subject);
    UPDATE dispatch_briefpage SET sealed = '', center_key = '' WHERE tip_id = p_subject;
    UPDATE dispatch_brief SET outcome_sealed = NULL WHERE tip_id = p_subject
        AND outcome_sealed IS NOT NULL;
    UPDATE dispatch_sheet SET sealed = '' WHERE tip_id = p_subject;
    UPDATE dispatch_rosteropening SET sealed = '' WHERE tip_id = p_subject;
END $$;
