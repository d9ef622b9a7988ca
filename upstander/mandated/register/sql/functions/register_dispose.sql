-- One of two persons says what is to become of an entry whose time has run out. With its shred key,
-- it is gone in every copy. Whoever calls has locked it, and has asked whether anything holds it.
CREATE OR REPLACE FUNCTION register_dispose(p_entry uuid, p_event uuid, p_agree boolean,
    p_sealed bytea)
    RETURNS boolean
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    me bigint := api.scope_person();
    e register_entry%ROWTYPE;
BEGIN
    SELECT * INTO e FROM register_entry WHERE id = p_entry;
    IF e.outcome = 'unproven' OR e.keep_until IS NULL OR e.keep_until >= at::date
       OR (e.dispose_by IS NOT NULL AND p_agree AND (e.dispose_by = me
           -- The second person has opened it since the first one said so.
           OR NOT audit_opened(p_kind => 'register', p_subject => e.folder_id, p_person => me,
               p_since => (SELECT max(v.at) FROM register_event v
                   WHERE v.entry_id = e.id AND v.kind = 'proposed')))) THEN
        RAISE EXCEPTION 'this is kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT p_agree THEN
        UPDATE register_entry SET dispose_by = NULL WHERE id = p_entry;
        PERFORM register_note(p_entry => p_entry, p_event => p_event, p_kind => 'kept',
            p_reason => '', p_sealed => p_sealed);
        RETURN false;
    ELSIF e.dispose_by IS NULL THEN
        UPDATE register_entry SET dispose_by = me WHERE id = p_entry;
        PERFORM register_note(p_entry => p_entry, p_event => p_event, p_kind => 'proposed',
            p_reason => '', p_sealed => p_sealed);
        RETURN false;
    END IF;
    PERFORM register_note(p_entry => p_entry, p_event => p_event, p_kind => 'disposed',
        p_reason => '', p_sealed => p_sealed);
    PERFORM vault_destroy(p_subjects => ARRAY[e.folder_id]);
    PERFORM matters_empty_grants(p_folder => e.folder_id);
    RETURN true;
END $$;
