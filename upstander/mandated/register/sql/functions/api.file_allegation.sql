-- Files an allegation, from one's own duty or as one of the named roles. Whoever files it from a
-- duty is granted nothing, and isn't told whether it is the first. A second duty about the same
-- person in the same matter is the same allegation.
CREATE OR REPLACE FUNCTION api.file_allegation(p_entry uuid, p_event uuid, p_folder uuid,
    p_district bigint,
    p_school bigint, p_matter uuid, p_duty uuid, p_happened date, p_kind text, p_disability boolean,
    p_restraint boolean, p_sealed bytea, p_notes bytea, p_found_by bytea,
    p_sealed_event bytea, p_strengths smallint[],
    p_indexes bytea[], p_tell bigint[], p_exclusions bytea[], p_shred bytea,
        p_shred_version integer,
        p_shred_mark bytea,
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
            AND (p_matter IS NULL OR EXISTS (SELECT 1 FROM matters_folder f
                 WHERE f.matter_id = p_matter AND api.holds_folder(f.id)))))
       OR cardinality(p_holders) = 0 OR p_happened > (at + interval '1 day')::date
       OR (p_school IS NOT NULL AND NOT EXISTS (SELECT 1 FROM places_school s
           WHERE s.id = p_school AND s.district_id = p_district))
       OR api.scope_mac() = ANY (p_exclusions) OR (p_matter IS NOT NULL
           AND cardinality(p_exclusions) > 0)
       OR EXISTS (SELECT 1 FROM unnest(p_holders) h WHERE matters_is_excluded(
           p_matter => p_matter, p_mac => matters_mac_of(h)))
       OR EXISTS (SELECT 1 FROM unnest(p_exclusions) b WHERE 'mac:' || encode(b,
           'hex') = ANY (p_holders)) THEN
        RAISE EXCEPTION 'this can''t be filed here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    -- Two duties about one matter may be begun at the same moment.
    PERFORM pg_advisory_xact_lock(hashtextextended('register' || matter, 0));
    IF EXISTS (SELECT 1 FROM register_entry e JOIN register_blindindex m ON m.entry_id = e.id
               JOIN unnest(p_indexes) AS n (blind_index)
                 ON m.blind_index = matters_bound(p_mac => n.blind_index, p_to => e.id)
               WHERE e.matter_id = matter) THEN
        RETURN;
    END IF;
    IF p_matter IS NULL THEN
        PERFORM matters_new_matter(p_matter => matter, p_district => p_district,
            p_exclusions => p_exclusions);
    END IF;
    PERFORM matters_new_folder(p_folder => p_folder, p_kind => 'register', p_district => p_district,
        p_school => p_school, p_matter => matter, p_by => me, p_at => at, p_holders => p_holders,
        p_versions => p_versions, p_blobs => p_blobs);
    PERFORM vault_keep(p_subject => p_folder, p_district => p_district,
        p_file_version => p_shred_version, p_file_mark => p_shred_mark, p_wrapped => p_shred);
    INSERT INTO register_entry (id, folder_id, district_id, school_id, matter_id, duty_id,
        happened_on, filed_at, kind, disability, restraint, outcome, change_number, sealed, notes,
        found_by)
    VALUES (p_entry, p_folder, p_district, p_school, matter, p_duty, p_happened, at, p_kind,
        p_disability, p_restraint, 'unproven', 0, p_sealed, p_notes, p_found_by);
    -- The trigger binds them.
    INSERT INTO register_blindindex (entry_id, district_id, strength, blind_index)
        SELECT p_entry, p_district, n.strength, n.blind_index
        FROM unnest(p_strengths, p_indexes) AS n (strength, blind_index);
    INSERT INTO register_event (id, entry_id, district_id, number, kind, reason, person_id, at,
        sealed)
        VALUES (p_event, p_entry, p_district, 1, 'filed', '', me, at, p_sealed_event);
    PERFORM audit_record(p_actor_kind => 'staff', p_actor_id => me, p_action => 'allegation filed',
        p_subject_kind => 'register', p_subject_id => p_folder::text, p_district_id => p_district,
        p_matter_id => matter);
    PERFORM register_tell(p_entry => p_entry, p_district => p_district, p_indexes => p_indexes,
        p_tell => p_tell);
END $$;

GRANT EXECUTE ON FUNCTION api.file_allegation
    TO upstander_center, upstander_district, upstander_former, upstander_school;
