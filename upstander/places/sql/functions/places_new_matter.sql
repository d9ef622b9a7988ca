-- A new matter, kept from these persons from the beginning.
CREATE OR REPLACE FUNCTION places_new_matter(p_matter uuid, p_district bigint,
    p_bars bytea[] DEFAULT '{}') RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO places_matter (id, district_id, restricted)
        VALUES (p_matter, p_district, cardinality(p_bars) > 0);
    IF cardinality(p_bars) > 0 THEN
        INSERT INTO places_matterbar (matter_id, district_id, person_mac)
            SELECT p_matter, p_district, b FROM unnest(p_bars) b;
    END IF;
END $$;
