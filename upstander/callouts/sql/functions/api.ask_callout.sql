-- A new callout, sealed to the teams of the site's center and to nobody else: whoever asks reads no
-- word of it again. Its first step rings the center's desk. Without a person's scope it is a
-- family's own asking on the website, and its folder was opened by 0: by nobody with an account.
CREATE OR REPLACE FUNCTION api.ask_callout(p_folder uuid, p_facts jsonb, p_sealed bytea,
    p_safety bytea, p_shred bytea, p_shred_version integer, p_shred_mark bytea, p_holders text[],
    p_versions integer[], p_blobs bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    at timestamptz := date_trunc('second', api.clock_now());
    matter uuid := gen_random_uuid();
    one callouts_callout := jsonb_populate_record(NULL::callouts_callout, p_facts);
BEGIN
    PERFORM set_config('synchronous_commit', 'on', true);
    SELECT s.district_id INTO one.district_id FROM callouts_site s WHERE s.team_id = one.site_id;
    IF one.district_id IS NULL OR (api.scope_person() IS NULL) <> (one.way = 'web')
       OR one.way <> 'web' AND NOT ('team:' || one.asked_team) = ANY ((SELECT
           api.scope_holders())::text[])
       OR NOT p_holders <@ ARRAY(SELECT 'team:' || s.team_id FROM callouts_site s
           WHERE s.district_id = one.district_id) THEN
        RAISE EXCEPTION 'nobody can be asked here' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM matters_new_matter(p_matter => matter, p_district => one.district_id);
    PERFORM matters_new_folder(p_folder => p_folder, p_kind => 'callout',
        p_district => one.district_id, p_school => NULL, p_matter => matter,
        p_by => coalesce(api.scope_person(), 0), p_at => at, p_holders => p_holders,
            p_versions => p_versions,
        p_blobs => p_blobs);
    PERFORM vault_keep(p_subject => p_folder, p_district => one.district_id,
        p_file_version => p_shred_version, p_file_mark => p_shred_mark, p_wrapped => p_shred);
    INSERT INTO callouts_callout (id, district_id, matter_id, site_id, way, subject_id, asked_team,
        asked_by, language, danger, crowded, state, asked_at, sealed, safety,
        link_hash, to_tell)
        VALUES (p_folder, one.district_id, matter, one.site_id, one.way, one.subject_id,
            one.asked_team, api.scope_person(), one.language, one.danger,
            coalesce(one.crowded, false), 'new', at, p_sealed, p_safety, one.link_hash,
            one.to_tell);
    INSERT INTO callouts_event (callout_id, district_id, kind, person_id)
        VALUES (p_folder, one.district_id, 'asked', api.scope_person());
    PERFORM audit_record(p_actor_kind =>
        CASE one.way WHEN 'web' THEN 'reporter' ELSE 'staff' END, p_action => 'callout asked',
        p_subject_kind => 'callout', p_subject_id => p_folder::text,
        p_district_id => one.district_id, p_matter_id => matter, p_actor_id => api.scope_person());
END $$;

GRANT EXECUTE ON FUNCTION api.ask_callout TO upstander_center, upstander_school,
    upstander_public;
