-- Takes the folders of these kinds back from holders, in these matters: what opened them is gone
-- from the database, from this moment; that it was granted, and to whom, stays. No kinds: all of
-- them.
CREATE OR REPLACE FUNCTION places_withdraw(p_matters uuid[], p_holders text[],
    p_kinds text[] DEFAULT NULL) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE places_foldergrant g SET withdrawn_at = date_trunc('second', api.clock_now()), blob = ''
        FROM places_folder f WHERE f.id = g.folder_id AND f.matter_id = ANY (p_matters)
          AND (p_kinds IS NULL OR f.kind = ANY (p_kinds))
          AND g.withdrawn_at IS NULL AND g.holder = ANY (p_holders)
$$;
