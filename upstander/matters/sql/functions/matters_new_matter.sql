-- A new matter, kept from these persons from the beginning.
CREATE OR REPLACE FUNCTION matters_new_matter(p_matter uuid, p_district bigint,
    p_exclusions bytea[] DEFAULT '{}') RETURNS void
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO matters_matter (id, district_id, restricted)
        VALUES (p_matter, p_district, cardinality(p_exclusions) > 0);
    IF cardinality(p_exclusions) > 0 THEN
        INSERT INTO matters_exclusion (matter_id, district_id, person_mac)
            SELECT p_matter, p_district, b FROM unnest(p_exclusions) b;
    END IF;
END $$;
