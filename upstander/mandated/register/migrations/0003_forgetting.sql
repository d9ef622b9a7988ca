-- Whatever destroys an entry's key (its own two persons, a restore that replays what had gone) takes its
-- marks with it: nobody is found again by what nobody can read.
CREATE FUNCTION register_forget() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM register_mark WHERE entry_id IN (
        SELECT id FROM register_entry WHERE folder_id = OLD.subject);
    UPDATE register_entry SET disposed_at = date_trunc('second', api.clock_now()), kind = 'unknown',
        disability = NULL, restraint = NULL, sealed = ''
        WHERE folder_id = OLD.subject AND disposed_at IS NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER register_forget AFTER DELETE ON vault_shredkey
    FOR EACH ROW EXECUTE FUNCTION register_forget();
REVOKE ALL ON FUNCTION register_forget() FROM PUBLIC;

-- As before; and a legal hold on the district, the school or the matter keeps it.
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
