-- Destroys callouts that ended before a day, if no hold keeps them; returns how many.
CREATE OR REPLACE FUNCTION api.forget_callouts(p_before timestamptz, p_limit integer)
    RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone uuid[];
BEGIN
    LOCK TABLE retention_hold IN SHARE MODE;
    gone := ARRAY(SELECT c.id FROM callouts_callout c
        WHERE c.ended_at < p_before AND c.due_at IS NULL AND NOT retention_held(
            p_district => c.district_id, p_school => NULL, p_subject => c.id,
            p_matter => c.matter_id)
        ORDER BY c.ended_at LIMIT p_limit);
    PERFORM vault_destroy(p_subjects => gone);
    PERFORM matters_forget_grants(p_folders => gone);
    PERFORM callouts_forget(p_callouts => gone);
    RETURN cardinality(gone);
END $$;

GRANT EXECUTE ON FUNCTION api.forget_callouts TO upstander_worker;
