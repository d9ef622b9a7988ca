-- A mark comes with its entry or with the change that was agreed to last, and goes with either: by
-- a mark somebody is found, and without one an entry names nobody. Said to the tables' owner too.
CREATE OR REPLACE FUNCTION register_mark_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    m register_mark%ROWTYPE;
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
    SELECT * INTO p FROM register_proposal r
        WHERE r.entry_id = e.id AND r.number = e.change_number AND r.state = 'agreed';
    agreed := FOUND;
    IF TG_OP = 'DELETE' AND (
            NOT EXISTS (SELECT 1 FROM vault_shredkey k WHERE k.subject = e.folder_id)
            OR (agreed AND m.strength < 4 AND NOT (m.mark = ANY (p.marks))))
       OR TG_OP = 'INSERT' AND NOT EXISTS (SELECT 1 FROM register_event v WHERE v.entry_id = e.id)
       OR TG_OP <> 'DELETE' AND agreed AND EXISTS (
            SELECT 1 FROM unnest(p.strengths, p.marks) AS n (strength, mark)
            WHERE n.mark = m.mark AND n.strength = m.strength)
          AND (TG_OP = 'INSERT' OR (OLD.entry_id, OLD.mark) = (NEW.entry_id, NEW.mark)
              AND OLD.strength < 4) THEN
        RETURN m;
    END IF;
    RAISE EXCEPTION 'the register keeps what was written' USING ERRCODE = 'insufficient_privilege';
END $$;
