CREATE OR REPLACE FUNCTION api.new_folder(p_folder uuid, p_kind text, p_district bigint,
    p_school bigint,
    p_matter uuid, p_shred bytea, p_shred_version integer, p_shred_mark bytea,
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
       OR (p_matter IS NOT NULL AND (p_matter = ANY (api.excluded_matters())
           OR NOT EXISTS (SELECT 1 FROM matters_matter m
                          WHERE m.id = p_matter AND m.district_id = p_district))) THEN
        RAISE EXCEPTION 'no folder can be made here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF p_matter IS NULL THEN
        PERFORM matters_new_matter(p_matter => matter, p_district => p_district);
    END IF;
    PERFORM matters_new_folder(p_folder => p_folder, p_kind => p_kind, p_district => p_district,
        p_school => p_school, p_matter => matter, p_by => api.scope_person(), p_at => at,
        p_holders => p_holders, p_versions => p_versions, p_blobs => p_blobs);
    PERFORM vault_keep(p_subject => p_folder, p_district => p_district,
        p_file_version => p_shred_version, p_file_mark => p_shred_mark, p_wrapped => p_shred);
    RETURN matter;
END $$;

GRANT EXECUTE ON FUNCTION api.new_folder TO upstander_center, upstander_district, upstander_school;
