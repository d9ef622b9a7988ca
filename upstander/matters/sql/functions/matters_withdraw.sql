-- Takes the folders of these kinds back from holders, in these matters. No grant stays that says
-- from whom. No kinds: all of them.
CREATE OR REPLACE FUNCTION matters_withdraw(p_matters uuid[], p_holders text[],
    p_kinds text[] DEFAULT NULL) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    SELECT matters_take_back(p_folder => f.id,
        p_holders => ARRAY(SELECT matters_name(p_holder => h, p_to => f.id)
                           FROM unnest(p_holders) AS h))
    FROM matters_folder f
    WHERE cardinality(p_holders) > 0 AND f.matter_id = ANY (p_matters)
      AND (p_kinds IS NULL OR f.kind = ANY (p_kinds))
$$;
