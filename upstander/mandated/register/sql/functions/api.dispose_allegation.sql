-- Two persons destroy an entry once its time has run out: with its shred key, it is gone in every copy.
-- A legal hold on the district, the school or the matter keeps it.
CREATE OR REPLACE FUNCTION api.dispose_allegation(p_entry uuid, p_event uuid, p_agree boolean,
    p_sealed bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    me bigint := api.scope_person();
    e register_entry%ROWTYPE;
BEGIN
    SELECT * INTO e FROM register_entry WHERE id = p_entry FOR UPDATE;
    IF NOT FOUND OR NOT register_opens(p_entry) THEN
        RAISE EXCEPTION 'no such allegation' USING ERRCODE = 'no_data_found';
    END IF;
    -- No hold is placed beside us unseen.
    LOCK TABLE retention_hold IN SHARE MODE;
    IF e.outcome = 'unproven' OR e.keep_until IS NULL OR e.keep_until >= at::date
       OR (e.dispose_by IS NOT NULL AND p_agree AND e.dispose_by = me)
       OR (p_agree AND retention_held(e.district_id, e.school_id, e.folder_id, e.matter_id)) THEN
        RAISE EXCEPTION 'this is kept' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF NOT p_agree THEN
        UPDATE register_entry SET dispose_by = NULL WHERE id = p_entry;
        PERFORM register_note(p_entry, p_event, 'kept', '', p_sealed);
        RETURN false;
    ELSIF e.dispose_by IS NULL THEN
        UPDATE register_entry SET dispose_by = me WHERE id = p_entry;
        PERFORM register_note(p_entry, p_event, 'proposed', '', p_sealed);
        RETURN false;
    END IF;
    PERFORM register_note(p_entry, p_event, 'disposed', '', p_sealed);
    DELETE FROM vault_shredkey WHERE subject = e.folder_id;
    UPDATE places_foldergrant SET withdrawn_at = at, blob = ''
        WHERE folder_id = e.folder_id AND withdrawn_at IS NULL;
    RETURN true;
END $$;

GRANT EXECUTE ON FUNCTION api.dispose_allegation TO upstander_district, upstander_school;
