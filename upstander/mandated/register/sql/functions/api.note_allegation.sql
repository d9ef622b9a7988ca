-- What was alleged and done, which no letter rests on: one person writes it down. What was written
-- before stays in the events.
CREATE OR REPLACE FUNCTION api.note_allegation(p_entry uuid, p_event uuid, p_disability boolean,
    p_restraint boolean, p_notes bytea, p_sealed_event bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM register_locked(p_entry => p_entry);
    UPDATE register_entry SET disability = p_disability, restraint = p_restraint, notes = p_notes
        WHERE id = p_entry;
    PERFORM register_note(p_entry => p_entry, p_event => p_event, p_kind => 'changed',
        p_reason => '', p_sealed => p_sealed_event);
END $$;

GRANT EXECUTE ON FUNCTION api.note_allegation TO upstander_district, upstander_school;
