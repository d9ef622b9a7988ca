-- Destroys what staff asked themselves, and contacts, callouts and clients that ended, before a
-- day, if no hold keeps them; returns how many.
CREATE OR REPLACE FUNCTION api.forget_folders(p_before timestamptz, p_limit integer)
    RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone uuid[];
BEGIN
    LOCK TABLE retention_hold IN SHARE MODE;
    gone := ARRAY(SELECT f.id FROM matters_folder f JOIN (
            SELECT id, asked_at AS over_at FROM mandated_consult
            UNION ALL SELECT id, ended_at FROM referrals_contact
            UNION ALL SELECT id, ended_at FROM helplines_client
            UNION ALL SELECT id, ended_at FROM callouts_callout WHERE due_at IS NULL) c
                ON c.id = f.id
        WHERE c.over_at < p_before AND NOT retention_held(p_district => f.district_id,
            p_school => f.school_id, p_subject => f.id, p_matter => f.matter_id)
        ORDER BY c.over_at LIMIT p_limit);
    PERFORM vault_destroy(p_subjects => gone);
    PERFORM matters_forget_grants(p_folders => gone);
    PERFORM mandated_forget_consults(p_consults => gone);
    PERFORM referrals_forget(p_contacts => gone);
    PERFORM callouts_forget(p_callouts => gone);
    PERFORM helplines_forget(p_clients => gone);
    RETURN cardinality(gone);
END $$;

GRANT EXECUTE ON FUNCTION api.forget_folders TO upstander_worker;
