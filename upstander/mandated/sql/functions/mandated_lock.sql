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
BEGIN
    LOOP
        BEGIN
            roots := mandated_roots(p_matters, p_tips);
            PERFORM 1 FROM matters_matter WHERE id = ANY (roots) ORDER BY id FOR NO KEY UPDATE;
            EXIT WHEN mandated_roots(p_matters, p_tips) IS NOT DISTINCT FROM roots;
            RAISE SQLSTATE 'UP001';
        EXCEPTION WHEN SQLSTATE 'UP001' THEN
            -- One was linked to another while we waited: again, and none is held while we wait
            -- (matters_exclusions_join).
            CONTINUE;
        END;
    END LOOP;
    RETURN ARRAY(SELECT mandated_matters(roots));
END $$;
