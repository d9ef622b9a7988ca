-- What the bars of these matters mean for them, and for what was granted in them.
CREATE OR REPLACE FUNCTION places_close_to_barred(p_matters uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE places_matter m SET restricted = true
        WHERE m.id = ANY (p_matters) AND NOT m.restricted
          AND EXISTS (SELECT 1 FROM places_matterbar b WHERE b.matter_id = m.id);
    -- What was granted to them by name in a folder of these goes with it, as where a bar is set.
    UPDATE places_foldergrant g SET withdrawn_at = date_trunc('second', api.clock_now()), blob = ''
        FROM places_folder f JOIN places_matterbar b ON b.matter_id = f.matter_id
        WHERE f.matter_id = ANY (p_matters) AND g.folder_id = f.id
          AND g.withdrawn_at IS NULL AND g.holder = 'mac:' || encode(b.person_mac, 'hex');
$$;
