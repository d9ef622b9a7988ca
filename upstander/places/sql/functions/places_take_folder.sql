-- Takes one folder back from holders: what opened it for them is gone from the database. Never from
-- whoever opened it.
CREATE OR REPLACE FUNCTION places_take_folder(p_folder uuid, p_holders text[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE places_foldergrant g SET withdrawn_at = date_trunc('second', api.clock_now()), blob = ''
        FROM places_folder f WHERE f.id = p_folder AND g.folder_id = f.id
          AND g.withdrawn_at IS NULL AND g.holder = ANY (p_holders)
          AND g.holder <> 'person:' || f.opened_by
$$;
