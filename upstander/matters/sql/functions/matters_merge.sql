-- Makes two matters one, for good; returns the one that stands for both. Whom either excludes loses
-- what was granted to them by name in any folder of it.
CREATE OR REPLACE FUNCTION matters_merge(p_gone uuid, p_kept uuid) RETURNS uuid
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone uuid;
    kept uuid;
BEGIN
    LOOP
        BEGIN
            SELECT coalesce(m.merged_into_id, m.id) INTO gone
                FROM matters_matter m WHERE m.id = p_gone;
            SELECT coalesce(m.merged_into_id, m.id) INTO kept
                FROM matters_matter m WHERE m.id = p_kept;
            -- In one order, so that two who link the same pair do not wait for each other.
            PERFORM 1 FROM matters_matter WHERE id IN (gone, kept) ORDER BY id FOR UPDATE;
            EXIT WHEN NOT EXISTS (SELECT 1 FROM matters_matter
                                  WHERE id IN (gone, kept) AND merged_into_id IS NOT NULL);
            RAISE SQLSTATE 'UP001';
        EXCEPTION WHEN SQLSTATE 'UP001' THEN
            -- Again, and none is held while we wait (matters_exclusions_join).
            CONTINUE;
        END;
    END LOOP;
    IF gone IS NULL OR kept IS NULL THEN
        RAISE EXCEPTION 'there is no such matter' USING ERRCODE = 'foreign_key_violation';
    ELSIF gone = kept THEN
        RETURN kept;
    END IF;
    UPDATE matters_matter SET merged_into_id = kept WHERE merged_into_id = gone;
    UPDATE matters_matter SET merged_into_id = kept WHERE id = gone;
    INSERT INTO matters_exclusion (matter_id, district_id, person_mac, bound_to)
        SELECT m.id, m.district_id, b.person_mac, b.bound_to
        FROM matters_same_matter(kept) AS s (id) JOIN matters_matter m ON m.id = s.id
            CROSS JOIN (SELECT DISTINCT x.person_mac, x.bound_to FROM matters_exclusion x
                        WHERE x.matter_id IN (SELECT matters_same_matter(kept))) AS b
        ON CONFLICT DO NOTHING;
    PERFORM matters_restrict_all(kept);
    PERFORM matters_withdraw(p_matters => ARRAY(SELECT matters_same_matter(kept)),
        p_holders => ARRAY(SELECT 'mac:' || encode(b, 'hex')
                           FROM matters_excluded_macs(ARRAY[kept]) AS b));
    RETURN kept;
END $$;
