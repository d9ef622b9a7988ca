-- A blind index comes with its entry or with the change that was agreed to last, and goes with
-- either: by a blind index somebody is found, and without one an entry names nobody. Said to the
-- tables' owner too. It is bound to its entry here, and a proposed one was when it was proposed:
-- alike in two entries, it would say that they are about one person.
CREATE OR REPLACE FUNCTION register_blindindex_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    m register_blindindex%ROWTYPE;
    e register_entry%ROWTYPE;
    p register_proposal%ROWTYPE;
    agreed boolean;
BEGIN
    IF TG_OP = 'DELETE' THEN
        m := OLD;
    ELSE
        m := NEW;
    END IF;
    SELECT * INTO e FROM register_entry WHERE id = m.entry_id;
    IF TG_OP = 'INSERT'
       AND NOT EXISTS (SELECT 1 FROM register_event v WHERE v.entry_id = e.id) THEN
        NEW.blind_index := matters_bound(p_mac => NEW.blind_index, p_to => e.id);
        RETURN NEW;
    END IF;
    SELECT * INTO p FROM register_proposal r
        WHERE r.entry_id = e.id AND r.number = e.change_number AND r.state = 'agreed';
    agreed := FOUND;
    IF TG_OP = 'DELETE' AND (
            NOT EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = e.folder_id)
            OR (agreed AND m.strength < 4 AND NOT (m.blind_index = ANY (p.blind_indexes))))
       OR TG_OP <> 'DELETE' AND agreed AND EXISTS (
            SELECT 1 FROM unnest(p.strengths, p.blind_indexes) AS n (strength, blind_index)
            WHERE n.blind_index = m.blind_index AND n.strength = m.strength)
          AND (TG_OP = 'INSERT' OR (OLD.entry_id, OLD.blind_index) = (NEW.entry_id, NEW.blind_index)
              AND OLD.strength < 4) THEN
        RETURN m;
    END IF;
    RAISE EXCEPTION 'the register keeps what was written' USING ERRCODE = 'insufficient_privilege';
END $$;
