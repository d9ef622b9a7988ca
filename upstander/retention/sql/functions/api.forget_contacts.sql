-- Destroys contacts that ended before a day, with their referrals, if no hold keeps them; returns
-- how many.
CREATE OR REPLACE FUNCTION api.forget_contacts(p_before timestamptz, p_limit integer)
    RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone uuid[];
BEGIN
    LOCK TABLE retention_hold IN SHARE MODE;
    gone := ARRAY(SELECT c.id FROM referrals_contact c JOIN matters_folder f ON f.id = c.id
        WHERE c.ended_at < p_before AND NOT retention_held(p_district => f.district_id,
            p_school => f.school_id, p_subject => f.id, p_matter => f.matter_id)
        ORDER BY c.ended_at LIMIT p_limit);
    PERFORM vault_destroy(p_subjects => gone);
    PERFORM matters_forget_grants(p_folders => gone);
    PERFORM referrals_forget(p_contacts => gone);
    RETURN cardinality(gone);
END $$;

GRANT EXECUTE ON FUNCTION api.forget_contacts TO upstander_worker;
