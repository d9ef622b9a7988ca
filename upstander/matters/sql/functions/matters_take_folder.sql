-- Takes one folder back from holders: what opened it for them is gone from the database. Never from
-- whoever opened it.
CREATE OR REPLACE FUNCTION matters_take_folder(p_folder uuid, p_holders text[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT matters_take_back(p_folder => f.id,
        p_holders => ARRAY(SELECT matters_name(p_holder => h, p_to => f.id)
                           FROM unnest(p_holders) AS h WHERE h <> 'person:' || f.opened_by))
    FROM matters_folder f WHERE f.id = p_folder
$$;
