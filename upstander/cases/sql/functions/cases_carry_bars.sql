-- Gives each matter of a case the bars of this one of them. In the order of their ids, as whoever links
-- locks them; where two who bar at once in one case still wait for each other, the database ends one of
-- the two, nothing of theirs is kept, and they are told to try again.
CREATE OR REPLACE FUNCTION cases_carry_bars(p_from uuid, p_case uuid) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO places_matterbar (matter_id, district_id, person_mac)
        SELECT m.id, m.district_id, b.person_mac
        FROM places_matter m CROSS JOIN places_matterbar b
        WHERE m.id IN (SELECT cases_matters(p_case)) AND m.id <> p_from AND b.matter_id = p_from
          AND NOT EXISTS (SELECT 1 FROM places_matterbar x
                          WHERE x.matter_id = m.id AND x.person_mac = b.person_mac)
        ORDER BY m.id
        ON CONFLICT DO NOTHING;
    UPDATE places_matter m SET restricted = true
        WHERE m.id IN (SELECT cases_matters(p_case)) AND NOT m.restricted
          AND EXISTS (SELECT 1 FROM places_matterbar b WHERE b.matter_id = m.id);
    -- What was granted to them by name in a folder of these goes with it, as where a bar is set.
    UPDATE places_foldergrant g SET withdrawn_at = date_trunc('second', api.clock_now())
        FROM places_folder f JOIN places_matterbar b ON b.matter_id = f.matter_id
        WHERE f.matter_id IN (SELECT cases_matters(p_case)) AND g.folder_id = f.id
          AND g.withdrawn_at IS NULL AND g.holder = 'mac:' || encode(b.person_mac, 'hex');
$$;
