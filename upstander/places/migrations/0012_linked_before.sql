-- Each tip that was linked has an entry that names its new matter; its entry before that names the old.
-- In the order of the links, since what one took up another may have taken up later.
DO $$
DECLARE
    l record;
    gone uuid;
BEGIN
    FOR l IN SELECT e.id, e.subject_id, e.matter_id, m.district_id FROM audit_entry e
            JOIN places_matter m ON m.id = e.matter_id
            WHERE e.subject_kind = 'tip' AND e.action = 'linked to another tip' ORDER BY e.id LOOP
        SELECT e.matter_id INTO gone FROM audit_entry e
            JOIN places_matter m ON m.id = e.matter_id AND m.district_id = l.district_id
            WHERE e.subject_kind = 'tip' AND e.subject_id = l.subject_id AND e.id < l.id
              AND e.matter_id <> l.matter_id
            ORDER BY e.id DESC LIMIT 1;
        IF FOUND THEN
            PERFORM places_merge(gone, l.matter_id);
        END IF;
    END LOOP;
END $$;
