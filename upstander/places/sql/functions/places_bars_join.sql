-- A bar on one is a bar on all, whenever it is set and by whichever road, and takes back what was
-- granted by name. Waits for whoever is
-- linking one of them: who sees the bars first has then seen all the matters, or the other way
-- round.
CREATE OR REPLACE FUNCTION places_bars_join() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    roots uuid[];
    held uuid[];
BEGIN
    LOOP
        SELECT array_agg(m.root ORDER BY m.root) INTO roots
            FROM (SELECT DISTINCT coalesce(m.merged_into_id, m.id) AS root
                  FROM fresh f JOIN places_matter m ON m.id = f.matter_id) AS m;
        -- None: what this very trigger added was there already.
        EXIT WHEN roots IS NULL OR roots = held;
        PERFORM 1 FROM places_matter WHERE id = ANY (roots) ORDER BY id FOR NO KEY UPDATE;
        held := roots;
    END LOOP;
    PERFORM places_withdraw(p_matters => ARRAY[f.matter_id], p_holders => ARRAY(
            SELECT 'mac:' || encode(b, 'hex') FROM places_barred_macs(ARRAY[f.matter_id]) AS b))
        FROM (SELECT DISTINCT matter_id FROM fresh) AS f;
    IF NOT EXISTS (SELECT 1 FROM places_matter WHERE merged_into_id = ANY (roots)) THEN
        RETURN NULL;
    END IF;
    INSERT INTO places_matterbar (matter_id, district_id, person_mac, bound_to)
        SELECT m.id, m.district_id, b.person_mac, b.bound_to
        FROM (SELECT DISTINCT coalesce(m.merged_into_id, m.id) AS root, f.person_mac,
                  f.bound_to
              FROM fresh f JOIN places_matter m ON m.id = f.matter_id) AS b
            CROSS JOIN LATERAL places_same_matter(b.root) AS s (id) JOIN places_matter m
                ON m.id = s.id
        WHERE NOT EXISTS (SELECT 1 FROM places_matterbar x
                          WHERE x.matter_id = m.id AND x.person_mac = b.person_mac)
        ON CONFLICT DO NOTHING;
    PERFORM places_restrict_all(root) FROM unnest(roots) AS root;
    RETURN NULL;
END $$;
