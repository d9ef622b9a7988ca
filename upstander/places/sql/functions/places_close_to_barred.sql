-- What the bars of these matters mean for them, and for what was granted in them.
CREATE OR REPLACE FUNCTION places_close_to_barred(p_matters uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE places_matter m SET restricted = true
        WHERE m.id = ANY (p_matters) AND NOT m.restricted
          AND EXISTS (SELECT 1 FROM places_matterbar b WHERE b.matter_id = m.id);
    -- What was granted to them by name in a folder of these goes with it, as where a bar is set.
    SELECT places_withdraw(p_matters => ARRAY[m.id], p_holders => ARRAY(
            SELECT 'mac:' || encode(b, 'hex') FROM places_barred_macs(ARRAY[m.id]) AS b))
        FROM unnest(p_matters) AS m (id);
$$;
