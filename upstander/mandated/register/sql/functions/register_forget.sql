-- Whatever destroys an entry's key (its own two persons, a restore that replays what had gone)
-- takes its blind indexes with it: nobody is found again by what nobody can read.
CREATE OR REPLACE FUNCTION register_forget() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM register_blindindex WHERE entry_id IN (
        SELECT id FROM register_entry WHERE folder_id = OLD.subject);
    UPDATE register_entry SET disposed_at = date_trunc('second', api.clock_now()), kind = 'unknown',
        disability = NULL, restraint = NULL, sealed = '',
        notes = '', found_by = ''
        WHERE folder_id = OLD.subject AND disposed_at IS NULL;
    UPDATE register_proposal SET sealed = '', reason = '', found_by = '', blind_indexes = '{}',
        strengths = '{}'
        WHERE sealed <> '' AND entry_id IN (
            SELECT id FROM register_entry WHERE folder_id = OLD.subject);
    RETURN NULL;
END $$;
