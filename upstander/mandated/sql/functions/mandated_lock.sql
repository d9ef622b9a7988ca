-- Holds still the matters of these tips and matters until the transaction ends, and returns all
-- that are one with any of them: also those that a question or a duty about one of these tips
-- names, whatever the tip says by now. Whoever ends something and whoever opens or begins a report
-- wait for each other here, so neither misses what the other is about to write. A tip's row is
-- locked before its matter, everywhere.
CREATE OR REPLACE FUNCTION mandated_lock(p_matters uuid[], p_tips uuid[] DEFAULT '{}')
    RETURNS uuid[]
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    roots uuid[];
    held uuid[];
BEGIN
    LOOP
        SELECT array_agg(r.root ORDER BY r.root) INTO roots FROM (
            SELECT DISTINCT coalesce(m.merged_into_id, m.id) AS root FROM places_matter m
            WHERE m.id = ANY (p_matters)
               OR m.id IN (SELECT t.matter_id FROM tips_tip t WHERE t.id = ANY (p_tips))
               OR m.id IN (SELECT a.matter_id FROM mandated_asked a WHERE a.tip_id = ANY (p_tips))
               OR m.id IN (SELECT d.matter_id FROM mandated_duty d
                           WHERE d.tip_id = ANY (p_tips))) AS r;
        -- Again, if one was linked to another while we waited.
        EXIT WHEN roots IS NULL OR roots = held;
        PERFORM 1 FROM places_matter WHERE id = ANY (roots) ORDER BY id FOR NO KEY UPDATE;
        held := roots;
    END LOOP;
    RETURN ARRAY(SELECT mandated_matters(roots));
END $$;
