-- The tips of these matters before the matters themselves, for whoever goes on to write on them.
CREATE OR REPLACE FUNCTION mandated_lock_tips(p_matters uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    held uuid[];
    roots uuid[];
BEGIN
    LOOP
        BEGIN
            SELECT array_agg(l.id) INTO held FROM (
                SELECT t.id FROM tips_tip t
                WHERE t.matter_id IN (SELECT mandated_matters(p_matters))
                ORDER BY t.id FOR NO KEY UPDATE) AS l;
            -- Here and not by mandated_lock: who waits for a lock of a block that has ended inside
            -- another waits for the whole transaction, also once the outer one is taken back.
            roots := mandated_roots(p_matters, '{}');
            PERFORM 1 FROM matters_matter WHERE id = ANY (roots) ORDER BY id FOR NO KEY UPDATE;
            EXIT WHEN mandated_roots(p_matters, '{}') IS NOT DISTINCT FROM roots
                AND NOT EXISTS (SELECT 1 FROM tips_tip t
                    WHERE t.matter_id IN (SELECT mandated_matters(p_matters))
                      AND t.id <> ALL (coalesce(held, '{}')));
            RAISE SQLSTATE 'UP001';
        EXCEPTION WHEN SQLSTATE 'UP001' THEN
            -- A tip was linked to it while we waited, and its row comes before the matter: again,
            -- and none is held while we wait (matters_exclusions_join).
            CONTINUE;
        END;
    END LOOP;
END $$;
