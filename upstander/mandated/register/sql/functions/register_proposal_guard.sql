-- What was proposed stays as it was, and is decided once. Agreed to: by another than who proposed
-- it, who has opened it since, while both keep the register, and only by the session's person;
-- said to the tables' owner too.
CREATE OR REPLACE FUNCTION register_proposal_guard() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    me bigint := api.scope_person();
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'waits' OR NEW.decided_by IS NOT NULL OR NEW.decided_at IS NOT NULL
           OR NEW.person_id IS DISTINCT FROM me OR NOT register_opens(NEW.entry_id)
           OR NEW.expires_at > NEW.at + interval '30 days'
           OR NEW.at > api.clock_now()
           OR NEW.number <= (SELECT coalesce(max(p.number), 0) FROM register_proposal p
               WHERE p.entry_id = NEW.entry_id)
           OR NEW.district_id <> (SELECT e.district_id FROM register_entry e
               WHERE e.id = NEW.entry_id) THEN
            RAISE EXCEPTION 'a change is proposed by who keeps the register'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
        NEW.blind_indexes := ARRAY(SELECT matters_bound(p_mac => n.blind_index,
            p_to => NEW.entry_id)
            FROM unnest(NEW.blind_indexes) WITH ORDINALITY AS n (blind_index,
                place) ORDER BY n.place);
        RETURN NEW;
    END IF;
    -- What nobody can read any more goes with the entry.
    IF OLD.sealed <> '' AND NEW.sealed = '' AND NOT EXISTS (SELECT 1 FROM vault_shredkey k
           JOIN register_entry e ON e.folder_id = k.subject WHERE e.id = OLD.entry_id)
       AND NEW.found_by = '' AND NEW.blind_indexes = '{}' AND NEW.strengths = '{}'
       AND NEW.state IS NOT DISTINCT FROM OLD.state
       AND NEW.decided_by IS NOT DISTINCT FROM OLD.decided_by THEN
        RETURN NEW;
    END IF;
    IF OLD.state <> 'waits' OR NEW.state = 'waits' OR NEW.decided_at IS NULL
       OR (NEW.id, NEW.entry_id, NEW.district_id, NEW.number, NEW.person_id, NEW.at,
           NEW.expires_at, NEW.renames, NEW.happened_on, NEW.kind, NEW.outcome, NEW.outcome_on,
           NEW.keep_until, NEW.strengths, NEW.blind_indexes, NEW.found_by, NEW.sealed, NEW.reason)
       IS DISTINCT FROM
       (OLD.id, OLD.entry_id, OLD.district_id, OLD.number, OLD.person_id, OLD.at,
           OLD.expires_at, OLD.renames, OLD.happened_on, OLD.kind, OLD.outcome, OLD.outcome_on,
           OLD.keep_until, OLD.strengths, OLD.blind_indexes, OLD.found_by, OLD.sealed, OLD.reason)
       OR (NEW.state <> 'lapsed' AND (NEW.decided_by IS DISTINCT FROM me OR me IS NULL
           OR OLD.expires_at <= api.clock_now() OR NOT register_opens(OLD.entry_id)))
       OR (NEW.state = 'agreed' AND (me = OLD.person_id OR NOT register_keeps(
           p_person => OLD.person_id, p_district => OLD.district_id)
           OR NOT audit_opened(p_kind => 'register', p_subject => (SELECT e.folder_id
               FROM register_entry e WHERE e.id = OLD.entry_id), p_person => me,
               p_since => OLD.at)))
       OR (NEW.state = 'back' AND me <> OLD.person_id)
       OR (NEW.state = 'lapsed' AND NEW.decided_by IS NOT NULL) THEN
        RAISE EXCEPTION 'a second person decides such a change, once'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
