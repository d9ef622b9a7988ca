-- Makes two matters one, for good; returns the one that stands for both. Whom either bars loses
-- what was granted to them by name in any folder of it.
CREATE OR REPLACE FUNCTION places_merge(p_gone uuid, p_kept uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone uuid;
    kept uuid;
BEGIN
    LOOP
        SELECT coalesce(m.merged_into_id, m.id) INTO gone FROM places_matter m WHERE m.id = p_gone;
        SELECT coalesce(m.merged_into_id, m.id) INTO kept FROM places_matter m WHERE m.id = p_kept;
        -- In one order, so that two who link the same pair do not wait for each other.
        PERFORM 1 FROM places_matter WHERE id IN (gone, kept) ORDER BY id FOR UPDATE;
        EXIT WHEN NOT EXISTS (SELECT 1 FROM places_matter
                              WHERE id IN (gone, kept) AND merged_into_id IS NOT NULL);
    END LOOP;
    IF gone IS NULL OR kept IS NULL THEN
        RAISE EXCEPTION 'there is no such matter' USING ERRCODE = 'foreign_key_violation';
    ELSIF gone = kept THEN
        RETURN kept;
    END IF;
    UPDATE places_matter SET merged_into_id = kept WHERE merged_into_id = gone;
    UPDATE places_matter SET merged_into_id = kept WHERE id = gone;
    INSERT INTO places_matterbar (matter_id, district_id, person_mac, bound_to)
        SELECT m.id, m.district_id, b.person_mac, b.bound_to
        FROM places_same_matter(kept) AS s (id) JOIN places_matter m ON m.id = s.id
            CROSS JOIN (SELECT DISTINCT x.person_mac, x.bound_to FROM places_matterbar x
                        WHERE x.matter_id IN (SELECT places_same_matter(kept))) AS b
        ON CONFLICT DO NOTHING;
    PERFORM places_restrict_all(kept);
    PERFORM places_withdraw(p_matters => ARRAY(SELECT places_same_matter(kept)),
        p_holders => ARRAY(SELECT 'mac:' || encode(b, 'hex')
                           FROM places_barred_macs(ARRAY[kept]) AS b));
    RETURN kept;
END $$;
