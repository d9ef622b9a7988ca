-- What the exclusions of these matters mean for them, and for what was granted in them.
CREATE OR REPLACE FUNCTION matters_close_to_excluded(p_matters uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE matters_matter m SET restricted = true
        WHERE m.id = ANY (p_matters) AND NOT m.restricted
          AND EXISTS (SELECT 1 FROM matters_exclusion b WHERE b.matter_id = m.id);
    -- What was granted to them by name in a folder of these goes with it, as where an exclusion is
    -- set.
    SELECT matters_withdraw(p_matters => ARRAY[m.id], p_holders => ARRAY(
            SELECT 'mac:' || encode(b, 'hex') FROM matters_excluded_macs(ARRAY[m.id]) AS b))
        FROM unnest(p_matters) AS m (id);
$$;
