-- As `matters_exclude`, by marks that are bound already: to this matter, or to the one that they
-- were taken over from.
CREATE OR REPLACE FUNCTION matters_exclude_bound(p_matter uuid, p_district bigint, p_marks bytea[],
    p_to uuid DEFAULT NULL) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public,
        pg_temp AS $$
BEGIN
    PERFORM 1 FROM matters_matter m WHERE m.id = (SELECT coalesce(own.merged_into_id, own.id)
        FROM matters_matter own WHERE own.id = p_matter) FOR NO KEY UPDATE;
    UPDATE matters_matter SET restricted = true WHERE id = p_matter;
    INSERT INTO matters_exclusion (matter_id, district_id, person_mac, bound_to)
        SELECT p_matter, p_district, m, coalesce(p_to, p_matter) FROM unnest(p_marks) m
            ON CONFLICT DO NOTHING;
    PERFORM matters_restrict_all(p_matter);
    PERFORM matters_withdraw(p_matters => ARRAY(SELECT matters_same_matter(p_matter)),
        p_holders => ARRAY(SELECT 'mac:' || encode(b, 'hex')
                           FROM matters_excluded_macs(ARRAY[p_matter]) AS b));
END $$;
