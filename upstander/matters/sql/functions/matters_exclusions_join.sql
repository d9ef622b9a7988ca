-- An exclusion on one is an exclusion on all, whenever it is set and by whichever road, and takes
-- back what was granted by name. Waits for whoever is linking one of them: who sees the exclusions
-- first has then seen all the matters, or the other way round.
CREATE OR REPLACE FUNCTION matters_exclusions_join() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    roots uuid[];
BEGIN
    LOOP
        BEGIN
            -- None: what this very trigger added was there already.
            roots := matters_roots(ARRAY(SELECT f.matter_id FROM fresh f));
            PERFORM 1 FROM matters_matter WHERE id = ANY (roots) ORDER BY id FOR NO KEY UPDATE;
            EXIT WHEN matters_roots(ARRAY(SELECT f.matter_id FROM fresh f))
                IS NOT DISTINCT FROM roots;
            RAISE SQLSTATE 'UP001';
        EXCEPTION WHEN SQLSTATE 'UP001' THEN
            -- One was linked to another while we waited. What was held is let go first: to hold
            -- it and wait for one that comes before it is how two wait for each other for ever.
            CONTINUE;
        END;
    END LOOP;
    PERFORM matters_withdraw(p_matters => ARRAY[f.matter_id], p_holders => ARRAY(
            SELECT 'mac:' || encode(b, 'hex') FROM matters_excluded_macs(ARRAY[f.matter_id]) AS b))
        FROM (SELECT DISTINCT matter_id FROM fresh) AS f;
    IF NOT EXISTS (SELECT 1 FROM matters_matter WHERE merged_into_id = ANY (roots)) THEN
        RETURN NULL;
    END IF;
    INSERT INTO matters_exclusion (matter_id, district_id, person_mac, bound_to)
        SELECT m.id, m.district_id, b.person_mac, b.bound_to
        FROM (SELECT DISTINCT coalesce(m.merged_into_id, m.id) AS root, f.person_mac,
                  f.bound_to
              FROM fresh f JOIN matters_matter m ON m.id = f.matter_id) AS b
            CROSS JOIN LATERAL matters_same_matter(b.root) AS s (id) JOIN matters_matter m
                ON m.id = s.id
        WHERE NOT EXISTS (SELECT 1 FROM matters_exclusion x
                          WHERE x.matter_id = m.id AND x.person_mac = b.person_mac)
        ON CONFLICT DO NOTHING;
    PERFORM matters_restrict_all(root) FROM unnest(roots) AS root;
    RETURN NULL;
END $$;
