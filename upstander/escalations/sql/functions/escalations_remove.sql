-- Removes alerts with all that hangs on them: those of synthetic tips alone.
CREATE OR REPLACE FUNCTION escalations_remove(p_subjects uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM escalations_acknowledgement WHERE alert_id IN (
        SELECT a.id FROM escalations_alert a WHERE a.subject_id = ANY (p_subjects));
    DELETE FROM escalations_page WHERE alert_id IN (
        SELECT a.id FROM escalations_alert a WHERE a.subject_id = ANY (p_subjects));
    DELETE FROM escalations_step WHERE alert_id IN (
        SELECT a.id FROM escalations_alert a WHERE a.subject_id = ANY (p_subjects));
    DELETE FROM escalations_task WHERE subject_id = ANY (p_subjects);
    DELETE FROM escalations_news WHERE subject_id = ANY (p_subjects);
    DELETE FROM escalations_alert WHERE subject_id = ANY (p_subjects);
$$;
