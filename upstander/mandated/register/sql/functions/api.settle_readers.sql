-- That somebody has said whether an entry is about others of the office. Who may read it is what
-- its folder's grants and exclusions say.
CREATE OR REPLACE FUNCTION api.settle_readers(p_entry uuid, p_event uuid, p_sealed bytea)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    e register_entry%ROWTYPE := register_locked(p_entry => p_entry);
BEGIN
    PERFORM register_note(p_entry => p_entry, p_event => p_event, p_kind => 'settled',
        p_reason => '', p_sealed => p_sealed);
    PERFORM audit_record(p_actor_kind => 'staff', p_actor_id => api.scope_person(),
        p_action => 'register readers settled', p_subject_kind => 'register',
        p_subject_id => e.folder_id::text, p_district_id => e.district_id,
        p_matter_id => e.matter_id);
END $$;

GRANT EXECUTE ON FUNCTION api.settle_readers TO upstander_district, upstander_school;
