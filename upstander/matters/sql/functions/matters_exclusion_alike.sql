-- Gives these matters the exclusions of one, in the order of their ids, as whoever links locks
-- them.
CREATE OR REPLACE FUNCTION matters_exclusion_alike(p_from uuid, p_matters uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO matters_exclusion (matter_id, district_id, person_mac, bound_to)
        SELECT m.id, m.district_id, b.person_mac, b.bound_to
        FROM matters_matter m CROSS JOIN matters_exclusion b
        WHERE m.id = ANY (p_matters) AND m.id <> p_from AND b.matter_id = p_from
          AND NOT EXISTS (SELECT 1 FROM matters_exclusion x
                          WHERE x.matter_id = m.id AND x.person_mac = b.person_mac)
        ORDER BY m.id
        ON CONFLICT DO NOTHING
$$;
