-- As `places_bar`, by marks that are bound already: to this matter, or to the one that they were
-- taken over from.
CREATE OR REPLACE FUNCTION places_bar_bound(p_matter uuid, p_district bigint, p_marks bytea[],
    p_to uuid DEFAULT NULL) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public,
        pg_temp AS $$
BEGIN
    PERFORM 1 FROM places_matter m WHERE m.id = (SELECT coalesce(own.merged_into_id, own.id)
        FROM places_matter own WHERE own.id = p_matter) FOR NO KEY UPDATE;
    UPDATE places_matter SET restricted = true WHERE id = p_matter;
    INSERT INTO places_matterbar (matter_id, district_id, person_mac, bound_to)
        SELECT p_matter, p_district, m, coalesce(p_to, p_matter) FROM unnest(p_marks) m
            ON CONFLICT DO NOTHING;
    PERFORM places_restrict_all(p_matter);
    PERFORM places_withdraw(p_matters => ARRAY(SELECT places_same_matter(p_matter)),
        p_holders => ARRAY(SELECT 'mac:' || encode(b, 'hex')
                           FROM places_barred_macs(ARRAY[p_matter]) AS b));
END $$;
