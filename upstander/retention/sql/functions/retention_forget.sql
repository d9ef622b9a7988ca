-- Destroys what opens one tip or folder, and empties what may be emptied; idempotent. What a
-- trigger keeps as it was written stays, and opens by nothing. Clear columns stay for the figures,
-- and the record's entries as every entry does. The owner's alone: disposal below, and a restore
-- that replays tombstones.
CREATE OR REPLACE FUNCTION retention_forget(p_subject uuid) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    inner_one uuid := (SELECT inner_id FROM cases_case WHERE id = p_subject);
    duty uuid := (SELECT id FROM mandated_duty WHERE folder_id = p_subject);
BEGIN
    PERFORM vault_destroy(p_subjects => ARRAY[p_subject, inner_one]);
    PERFORM matters_forget_grants(p_folders => ARRAY[p_subject, inner_one]);
    INSERT INTO retention_leftover (file)
        SELECT id FROM tips_attachment WHERE tip_id = p_subject
        UNION SELECT id FROM cases_caseitem WHERE case_id = p_subject AND kind = 'file'
        UNION SELECT id FROM written_evidence WHERE duty_id = duty
        ON CONFLICT DO NOTHING;
    PERFORM written_forget(p_duty => duty);
    IF NOT EXISTS (SELECT 1 FROM tips_tip WHERE id = p_subject) THEN
        RETURN;
    END IF;
    PERFORM vault_forget_grants(p_tips => ARRAY[p_subject]);
    PERFORM tips_forget(p_tip => p_subject);
    PERFORM decisions_forget(p_tip => p_subject);
    PERFORM emergency_forget(p_tip => p_subject);
    PERFORM doors_forget(p_tip => p_subject);
END $$;
