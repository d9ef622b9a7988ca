-- The register opens for named roles that hold an entry's folder, and for nobody else: not for whoever is
-- accused or depends on them, not for whoever once had a role, not for whoever filed it without one. Its
-- rows are written by these functions alone; no role inserts, updates or deletes one.
ALTER TABLE register_entry ENABLE ROW LEVEL SECURITY;
ALTER TABLE register_mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE register_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE register_disclosure ENABLE ROW LEVEL SECURITY;

-- Districts in whose office the session's person has one of the named roles today.
CREATE FUNCTION api.register_districts() RETURNS bigint[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT coalesce(array_agg(DISTINCT t.district_id), '{}') FROM places_membership m
    JOIN places_team t ON t.id = m.team_id AND t.kind = 'office' AND t.school_id IS NULL
    WHERE m.person_id = api.scope_person()
      AND m.role IN ('compliance_lead', 'superintendent', 'board_chair')
$$;

CREATE FUNCTION register_opens(p_entry uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM register_entry e WHERE e.id = p_entry AND e.disposed_at IS NULL
        AND e.district_id = ANY (api.register_districts()) AND api.holds_folder(e.folder_id))
$$;

-- A second allegation about somebody: those who must know are told that there is one, never of whom.
CREATE FUNCTION register_tell(p_entry uuid, p_district bigint, p_strengths smallint[],
    p_marks bytea[], p_tell bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM unnest(p_strengths, p_marks) AS n (strength, mark)
               JOIN register_mark m ON m.mark = n.mark AND m.district_id = p_district
               WHERE n.strength >= 2 AND m.strength >= 2 AND m.entry_id <> p_entry) THEN
        INSERT INTO carriers_notice (person_id, kind, detail, due_at)
            SELECT p, 'second_allegation', '{}', date_trunc('second', api.clock_now())
            FROM unnest(p_tell) p;
        PERFORM pg_notify('due', '');
    END IF;
END $$;

-- Files an allegation, from one's own duty or as one of the named roles. Whoever files it from a duty is
-- granted nothing, and isn't told whether it is the first. A second duty about the same person in the same
-- matter is the same allegation.
CREATE FUNCTION api.file_allegation(p_entry uuid, p_event uuid, p_folder uuid, p_district bigint,
    p_school bigint, p_matter uuid, p_duty uuid, p_happened date, p_kind text, p_disability boolean,
    p_restraint boolean, p_sealed bytea, p_sealed_event bytea, p_strengths smallint[],
    p_marks bytea[], p_tell bigint[], p_bars bytea[], p_shred bytea, p_shred_version integer,
    p_holders text[], p_versions integer[], p_blobs bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    me bigint := api.scope_person();
    matter uuid := coalesce(p_matter, gen_random_uuid());
BEGIN
    IF me IS NULL OR NOT (
        EXISTS (SELECT 1 FROM mandated_duty d WHERE d.id = p_duty AND d.person_id = me
                AND d.district_id = p_district AND d.matter_id = p_matter)
        OR (p_duty IS NULL AND p_district = ANY (api.register_districts())
            AND (p_matter IS NULL OR EXISTS (SELECT 1 FROM places_folder f
                 WHERE f.matter_id = p_matter AND api.holds_folder(f.id)))))
       OR cardinality(p_holders) = 0 OR p_happened > (at + interval '1 day')::date
       OR (p_school IS NOT NULL AND NOT EXISTS (SELECT 1 FROM places_school s
           WHERE s.id = p_school AND s.district_id = p_district))
       OR api.scope_mac() = ANY (p_bars) OR (p_matter IS NOT NULL AND cardinality(p_bars) > 0)
       OR EXISTS (SELECT 1 FROM places_matterbar b WHERE b.matter_id = p_matter
           AND 'mac:' || encode(b.person_mac, 'hex') = ANY (p_holders))
       OR EXISTS (SELECT 1 FROM unnest(p_bars) b WHERE 'mac:' || encode(b, 'hex') = ANY (p_holders)) THEN
        RAISE EXCEPTION 'this can''t be filed here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Two duties about one matter may be begun at the same moment.
    PERFORM pg_advisory_xact_lock(hashtextextended('register' || matter, 0));
    IF EXISTS (SELECT 1 FROM register_entry e JOIN register_mark m ON m.entry_id = e.id
               JOIN unnest(p_strengths, p_marks) AS n (strength, mark) ON n.mark = m.mark
               WHERE e.matter_id = matter AND m.strength >= 2 AND n.strength >= 2) THEN
        RETURN;
    END IF;
    IF p_matter IS NULL THEN
        INSERT INTO places_matter (id, district_id, restricted)
            VALUES (matter, p_district, cardinality(p_bars) > 0);
        INSERT INTO places_matterbar (matter_id, district_id, person_mac)
            SELECT matter, p_district, b FROM unnest(p_bars) b;
    END IF;
    INSERT INTO places_folder (id, kind, district_id, school_id, matter_id, opened_by, opened_at)
        VALUES (p_folder, 'register', p_district, p_school, matter, me, at);
    INSERT INTO places_foldergrant (folder_id, holder, key_version, blob, since)
        SELECT p_folder, g.holder, g.version, g.blob, at
        FROM unnest(p_holders, p_versions, p_blobs) AS g (holder, version, blob);
    INSERT INTO vault_shredkey (subject, district_id, file_version, wrapped)
        VALUES (p_folder, p_district, p_shred_version, p_shred);
    INSERT INTO register_entry (id, folder_id, district_id, school_id, matter_id, duty_id,
        happened_on, filed_at, kind, disability, restraint, outcome, sealed)
    VALUES (p_entry, p_folder, p_district, p_school, matter, p_duty, p_happened, at, p_kind,
        p_disability, p_restraint, 'unproven', p_sealed);
    INSERT INTO register_mark (entry_id, district_id, strength, mark)
        SELECT p_entry, p_district, n.strength, n.mark
        FROM unnest(p_strengths, p_marks) AS n (strength, mark);
    INSERT INTO register_event (id, entry_id, district_id, number, kind, reason, person_id, at, sealed)
        VALUES (p_event, p_entry, p_district, 1, 'filed', '', me, at, p_sealed_event);
    INSERT INTO audit_entry (actor_kind, actor_id, action, subject_kind, subject_id, district_id,
        matter_id, detail) VALUES ('staff', me, 'allegation filed', 'register', p_folder::text,
        p_district, matter, '{}');
    PERFORM register_tell(p_entry, p_district, p_strengths, p_marks, p_tell);
END $$;

CREATE FUNCTION register_note(p_entry uuid, p_event uuid, p_kind text, p_reason text, p_sealed bytea)
    RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO register_event (id, entry_id, district_id, number, kind, reason, person_id, at, sealed)
        SELECT p_event, e.id, e.district_id,
            (SELECT coalesce(max(number), 0) + 1 FROM register_event WHERE entry_id = e.id),
            p_kind, p_reason, api.scope_person(), date_trunc('second', api.clock_now()), p_sealed
        FROM register_entry e WHERE e.id = p_entry
$$;

-- Opening, with its reason; whoever opens must be able to.
CREATE FUNCTION api.open_allegation(p_entry uuid, p_event uuid, p_reason text, p_sealed bytea)
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM register_entry WHERE id = p_entry FOR UPDATE;
    IF NOT register_opens(p_entry) OR p_reason = '' THEN
        RAISE EXCEPTION 'no such allegation' USING ERRCODE = 'no_data_found';
    END IF;
    PERFORM register_note(p_entry, p_event, 'opened', p_reason, p_sealed);
END $$;

-- What is known of it, and what came of it. What was written before stays in its events.
CREATE FUNCTION api.change_allegation(p_entry uuid, p_event uuid, p_happened date, p_kind text,
    p_disability boolean, p_restraint boolean, p_outcome text, p_outcome_on date, p_keep date,
    p_sealed bytea, p_sealed_event bytea, p_strengths smallint[], p_marks bytea[], p_tell bigint[])
    RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    e register_entry%ROWTYPE;
    new_marks boolean;
BEGIN
    SELECT * INTO e FROM register_entry WHERE id = p_entry FOR UPDATE;
    IF NOT FOUND OR NOT register_opens(p_entry) THEN
        RAISE EXCEPTION 'no such allegation' USING ERRCODE = 'no_data_found';
    END IF;
    -- An account's mark comes with the duty, and nobody takes it away: only names are corrected.
    SELECT EXISTS (SELECT 1 FROM unnest(p_marks) n (mark) WHERE NOT EXISTS (
        SELECT 1 FROM register_mark m WHERE m.entry_id = p_entry AND m.mark = n.mark)) INTO new_marks;
    DELETE FROM register_mark WHERE entry_id = p_entry AND strength < 3;
    INSERT INTO register_mark (entry_id, district_id, strength, mark)
        SELECT p_entry, e.district_id, n.strength, n.mark
        FROM unnest(p_strengths, p_marks) AS n (strength, mark) WHERE n.strength < 3
        ON CONFLICT (entry_id, mark) DO NOTHING;
    UPDATE register_entry SET happened_on = p_happened, kind = p_kind, disability = p_disability,
        restraint = p_restraint, outcome = p_outcome, outcome_on = p_outcome_on, keep_until = p_keep,
        dispose_by = NULL, sealed = p_sealed WHERE id = p_entry;
    PERFORM register_note(p_entry, p_event, CASE WHEN new_marks THEN 'named' ELSE 'changed' END, '',
        p_sealed_event);
    IF new_marks THEN
        PERFORM register_tell(p_entry, e.district_id, p_strengths, p_marks, p_tell);
    END IF;
END $$;

-- Two persons destroy an entry once its time has run out: with its shred key, it is gone in every copy.
CREATE FUNCTION api.dispose_allegation(p_entry uuid, p_event uuid, p_agree boolean, p_sealed bytea)
    RETURNS boolean
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
    IF e.outcome = 'unproven' OR e.keep_until IS NULL OR e.keep_until >= at::date
       OR (e.dispose_by IS NOT NULL AND p_agree AND e.dispose_by = me) THEN
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
    UPDATE register_entry SET disposed_at = at, kind = 'unknown', disability = NULL, restraint = NULL,
        sealed = '' WHERE id = p_entry;
    DELETE FROM register_mark WHERE entry_id = p_entry;
    DELETE FROM vault_shredkey WHERE subject = e.folder_id;
    UPDATE places_foldergrant SET withdrawn_at = at, blob = ''
        WHERE folder_id = e.folder_id AND withdrawn_at IS NULL;
    RETURN true;
END $$;

CREATE FUNCTION api.keep_disclosure(p_id uuid, p_folder uuid, p_asked date, p_answer text,
    p_sealed bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO register_disclosure (id, folder_id, district_id, person_id, at, asked_on, answer, sealed)
        SELECT p_id, f.id, f.district_id, f.opened_by, date_trunc('second', api.clock_now()), p_asked,
            p_answer, p_sealed
        FROM places_folder f WHERE f.id = p_folder AND f.kind = 'register'
          AND f.opened_by = api.scope_person() AND f.district_id = ANY (api.register_districts());
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no answer can be kept here' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- Said to the tables' owner too.
CREATE FUNCTION register_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register keeps what was written' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER register_entry_stays BEFORE DELETE OR TRUNCATE ON register_entry
    FOR EACH STATEMENT EXECUTE FUNCTION register_stays();
CREATE TRIGGER register_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON register_event
    FOR EACH STATEMENT EXECUTE FUNCTION register_stays();
CREATE TRIGGER register_disclosure_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON register_disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION register_stays();
CREATE FUNCTION register_entry_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.folder_id, NEW.district_id, NEW.school_id, NEW.matter_id, NEW.duty_id, NEW.filed_at)
       IS DISTINCT FROM
       (OLD.id, OLD.folder_id, OLD.district_id, OLD.school_id, OLD.matter_id, OLD.duty_id, OLD.filed_at)
       OR OLD.disposed_at IS NOT NULL
       -- An outcome has its day; what has none yet is kept without end.
       OR (NEW.outcome = 'unproven') <> (NEW.outcome_on IS NULL)
       OR (NEW.outcome = 'unproven' AND NEW.keep_until IS NOT NULL) THEN
        RAISE EXCEPTION 'the register keeps what was written' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER register_entry_guard BEFORE UPDATE ON register_entry
    FOR EACH ROW EXECUTE FUNCTION register_entry_guard();

DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        -- Every duty about staff files its allegation, whoever's duty it is.
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.file_allegation, api.register_districts TO %I', r);
        -- The record says of an allegation only to those for whom it opens.
        EXECUTE format('CREATE POLICY register_%s ON audit_entry AS RESTRICTIVE FOR SELECT TO %I
            USING (CASE WHEN subject_kind = ''register''
                   THEN district_id = ANY ((SELECT api.register_districts())::bigint[])
                        AND EXISTS (SELECT 1 FROM places_folder f WHERE f.id = subject_id::uuid)
                   WHEN subject_kind = ''register search''
                   THEN district_id = ANY ((SELECT api.register_districts())::bigint[])
                   ELSE true END)', r, r);
    END LOOP;
    FOREACH r IN ARRAY ARRAY['upstander_school', 'upstander_district'] LOOP
        EXECUTE format('GRANT SELECT ON register_entry, register_mark, register_event,
            register_disclosure TO %I', r);
        EXECUTE format('CREATE POLICY opens_%s ON register_entry FOR SELECT TO %I
            USING (district_id = ANY ((SELECT api.register_districts())::bigint[]) AND disposed_at IS NULL
                   AND EXISTS (SELECT 1 FROM places_folder f WHERE f.id = register_entry.folder_id))', r, r);
        EXECUTE format('CREATE POLICY opens_%s ON register_disclosure FOR SELECT TO %I
            USING (district_id = ANY ((SELECT api.register_districts())::bigint[])
                   AND EXISTS (SELECT 1 FROM places_folder f WHERE f.id = register_disclosure.folder_id))',
            r, r);
        EXECUTE format('CREATE POLICY opens_%s ON register_event FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM register_entry e WHERE e.id = entry_id))', r, r);
        EXECUTE format('CREATE POLICY opens_%s ON register_mark FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM register_entry e WHERE e.id = entry_id))', r, r);
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.open_allegation, api.change_allegation,
            api.dispose_allegation, api.keep_disclosure TO %I', r);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION register_opens(uuid), register_note(uuid, uuid, text, text, bytea),
    register_tell(uuid, bigint, smallint[], bytea[], bigint[]) FROM PUBLIC;
