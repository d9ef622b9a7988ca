-- Folders are made, shared and taken back by these functions alone; the tables' policies show a
-- folder to whom a grant of it stands now. Nobody reads another's grant: not even its length.
ALTER TABLE places_folder ENABLE ROW LEVEL SECURITY;
ALTER TABLE places_foldergrant ENABLE ROW LEVEL SECURITY;

-- The names under which a folder may stand open to the session's person. Whoever made it holds it as
-- `person:`, which the folder's row tells anyway; the others as a team or an opaque `mac:`, so that
-- nobody can read from who is missing whom a matter bars.
CREATE FUNCTION api.folder_names() RETURNS text[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT api.scope_holders() || array_remove(ARRAY['person:' || api.scope_person()], NULL)
$$;

CREATE FUNCTION api.holds_folder(p_folder uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM places_foldergrant g JOIN places_folder f ON f.id = g.folder_id
        WHERE g.folder_id = p_folder AND g.holder = ANY (api.folder_names())
          AND g.withdrawn_at IS NULL AND (g.until IS NULL OR g.until > api.clock_now())
          AND (f.opened_by = api.scope_person()
               OR NOT (f.matter_id = ANY (api.barred_matters()))))
$$;

CREATE FUNCTION api.new_folder(p_folder uuid, p_kind text, p_district bigint, p_school bigint,
    p_matter uuid, p_shred bytea, p_shred_version integer,
    p_holders text[], p_versions integer[], p_blobs bytea[]) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    matter uuid := coalesce(p_matter, gen_random_uuid());
    own text := 'person:' || api.scope_person();
BEGIN
    IF api.scope_person() IS NULL OR NOT (p_district = ANY (api.scope_districts()))
       OR NOT (own = ANY (p_holders))
       OR (p_school IS NOT NULL AND NOT EXISTS (SELECT 1 FROM places_school s
           WHERE s.id = p_school AND s.district_id = p_district))
       OR (p_matter IS NOT NULL AND (p_matter = ANY (api.barred_matters())
           OR NOT EXISTS (SELECT 1 FROM places_matter m
                          WHERE m.id = p_matter AND m.district_id = p_district))) THEN
        RAISE EXCEPTION 'no folder can be made here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_matter IS NULL THEN
        INSERT INTO places_matter (id, district_id, restricted) VALUES (matter, p_district, false);
    END IF;
    INSERT INTO places_folder (id, kind, district_id, school_id, matter_id, opened_by, opened_at)
        VALUES (p_folder, p_kind, p_district, p_school, matter, api.scope_person(), at);
    INSERT INTO places_foldergrant (folder_id, holder, key_version, blob, since)
        SELECT p_folder, g.holder, g.version, g.blob, at
        FROM unnest(p_holders, p_versions, p_blobs) AS g(holder, version, blob);
    INSERT INTO vault_shredkey (subject, district_id, file_version, wrapped)
        VALUES (p_folder, p_district, p_shred_version, p_shred);
    RETURN matter;
END $$;

CREATE FUNCTION api.share_folder(p_folder uuid, p_holder text, p_version integer, p_blob bytea,
    p_until timestamptz) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
BEGIN
    -- A share is a person's or a team's, never one whom the matter bars (a team's members are the
    -- caller's to look through: the database knows a barred person by an opaque code alone).
    IF NOT api.holds_folder(p_folder) OR EXISTS (
        SELECT 1 FROM places_folder f JOIN places_matterbar b ON b.matter_id = f.matter_id
        WHERE f.id = p_folder AND 'mac:' || encode(b.person_mac, 'hex') = p_holder) THEN
        RAISE EXCEPTION 'this folder can''t be shared so' USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO places_foldergrant (folder_id, holder, key_version, blob, since, until)
        VALUES (p_folder, p_holder, p_version, p_blob, at, p_until)
        ON CONFLICT (folder_id, holder) DO UPDATE SET
            key_version = excluded.key_version, blob = excluded.blob,
            until = CASE WHEN places_foldergrant.withdrawn_at IS NOT NULL THEN excluded.until
                WHEN places_foldergrant.until IS NULL OR excluded.until IS NULL THEN NULL
                ELSE greatest(places_foldergrant.until, excluded.until) END,
            withdrawn_at = NULL;
END $$;

CREATE FUNCTION api.withdraw_folder(p_folder uuid, p_holder text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF NOT api.holds_folder(p_folder) OR EXISTS (
        SELECT 1 FROM places_folder f
        WHERE f.id = p_folder AND p_holder = 'person:' || f.opened_by) THEN
        RAISE EXCEPTION 'whoever opened a folder keeps it' USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE places_foldergrant SET withdrawn_at = date_trunc('second', api.clock_now())
        WHERE folder_id = p_folder AND holder = p_holder AND withdrawn_at IS NULL;
    RETURN FOUND;
END $$;

CREATE FUNCTION api.folder_holders(p_folder uuid)
    RETURNS TABLE (holder text, since timestamptz, until timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.holder, g.since, g.until FROM places_foldergrant g
    WHERE g.folder_id = p_folder AND g.withdrawn_at IS NULL
      AND (g.until IS NULL OR g.until > api.clock_now()) AND api.holds_folder(p_folder)
    ORDER BY g.since, g.id
$$;

-- Keeps a folder's matter from persons: no view, list, count or page, from this moment.
CREATE FUNCTION api.bar_folder(p_folder uuid, p_macs bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    matter uuid;
    district bigint;
BEGIN
    SELECT f.matter_id, f.district_id INTO matter, district FROM places_folder f
        WHERE f.id = p_folder AND api.holds_folder(p_folder);
    IF matter IS NULL OR api.scope_mac() = ANY (p_macs) THEN
        RAISE EXCEPTION 'this matter can''t be kept from them here'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE places_matter SET restricted = true WHERE id = matter;
    INSERT INTO places_matterbar (matter_id, district_id, person_mac)
        SELECT matter, district, m FROM unnest(p_macs) m ON CONFLICT DO NOTHING;
    UPDATE places_foldergrant g SET withdrawn_at = date_trunc('second', api.clock_now())
        FROM places_folder f WHERE f.id = g.folder_id AND f.matter_id = matter
          AND g.withdrawn_at IS NULL
          AND g.holder IN (SELECT 'mac:' || encode(m, 'hex') FROM unnest(p_macs) m);
END $$;

DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['upstander_center', 'upstander_school', 'upstander_district'] LOOP
        EXECUTE format('GRANT SELECT ON places_folder, places_foldergrant TO %I', r);
        -- No call per row: whose grants stand is asked once, then joined on an index.
        EXECUTE format('CREATE POLICY mine_%s ON places_foldergrant FOR SELECT TO %I
            USING (holder = ANY ((SELECT api.folder_names())::text[])
                   AND withdrawn_at IS NULL AND (until IS NULL OR until > api.clock_now()))', r, r);
        EXECUTE format('CREATE POLICY mine_%s ON places_folder FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM places_foldergrant g WHERE g.folder_id = places_folder.id)
                   AND (opened_by = (SELECT api.scope_person())
                        OR NOT (matter_id = ANY ((SELECT api.barred_matters())::uuid[]))))', r, r);
        -- Whoever seals a folder to a team must know whom its matter bars.
        EXECUTE format('CREATE POLICY folder_%s ON places_matterbar FOR SELECT TO %I
            USING (matter_id IN (SELECT f.matter_id FROM places_folder f))', r, r);
        EXECUTE format('CREATE POLICY folder_%s ON vault_shredkey FOR SELECT TO %I
            USING (EXISTS (SELECT 1 FROM places_folder f WHERE f.id = vault_shredkey.subject))', r, r);
        EXECUTE format('GRANT EXECUTE ON FUNCTION api.folder_names, api.holds_folder, api.new_folder,
            api.share_folder, api.withdraw_folder, api.bar_folder, api.folder_holders TO %I', r);
        EXECUTE format('GRANT SELECT ON vault_shredkey TO %I', r);
    END LOOP;
END $$;
