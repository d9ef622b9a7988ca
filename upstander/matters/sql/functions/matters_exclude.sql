-- Keeps a matter, with all that are one with it, from persons.
CREATE OR REPLACE FUNCTION matters_exclude(p_matter uuid, p_district bigint,
    p_macs bytea[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- First the one that stands for all, as whoever links does.
    PERFORM 1 FROM matters_matter m WHERE m.id = (SELECT coalesce(own.merged_into_id, own.id)
        FROM matters_matter own WHERE own.id = p_matter) FOR NO KEY UPDATE;
    UPDATE matters_matter SET restricted = true WHERE id = p_matter;
    INSERT INTO matters_exclusion (matter_id, district_id, person_mac)
        SELECT p_matter, p_district, m FROM unnest(p_macs) m ON CONFLICT DO NOTHING;
    PERFORM matters_restrict_all(p_matter);
    PERFORM matters_withdraw(p_matters => ARRAY(SELECT matters_same_matter(p_matter)),
        p_holders => ARRAY(SELECT 'mac:' || encode(m, 'hex') FROM unnest(p_macs) m));
END $$;
