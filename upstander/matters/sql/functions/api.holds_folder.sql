-- Whether the session's person holds a folder now. Whoever has left: their own reports' alone.
CREATE OR REPLACE FUNCTION api.holds_folder(p_folder uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM matters_foldergrant g JOIN matters_folder f ON f.id = g.folder_id
        WHERE g.folder_id = p_folder AND g.holder = ANY (
              api.folder_names() || ('own:' || encode(matters_bound(api.scope_code(), p_folder),
                  'hex')))
          AND (g.until IS NULL OR g.until > api.clock_now())
          -- An allegation that somebody filed may turn out to be about them.
          AND (f.opened_by = api.scope_person() AND f.kind <> 'register'
               OR NOT (f.matter_id = ANY (api.excluded_matters())))
          AND (NOT people_by_way_in()
               OR f.kind = 'duty' AND f.opened_by = api.scope_person()))
$$;

GRANT EXECUTE ON FUNCTION api.holds_folder
    TO upstander_center, upstander_district, upstander_former, upstander_school;
