-- Removes synthetic tips that are older, with all that hangs on them; returns how many. Nothing of
-- another district can be reached: each row is found by the tips that lie in the probe's. Their
-- entries in the record stay, as every entry does.
CREATE OR REPLACE FUNCTION api.remove_probes(p_older interval) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    probe bigint := api.probe_part('district');
    gone uuid[];
    alerts uuid[];
    matters uuid[];
BEGIN
    SELECT array_agg(t.id), array_agg(DISTINCT t.matter_id) INTO gone, matters FROM (
        SELECT id, matter_id FROM tips_tip
        WHERE district_id = probe AND received_at < api.clock_now() - p_older
        ORDER BY received_at LIMIT 500) t;
    IF gone IS NULL THEN
        RETURN 0;
    END IF;
    SELECT coalesce(array_agg(a.id), '{}') INTO alerts FROM escalations_alert a
        WHERE a.subject_id = ANY (gone);
    PERFORM carriers_remove(p_for => alerts);
    PERFORM escalations_remove(p_subjects => gone);
    PERFORM vault_forget_grants(p_tips => gone);
    PERFORM vault_destroy(p_subjects => gone);
    PERFORM tips_remove(p_tips => gone);
    PERFORM matters_remove_matters(p_matters => ARRAY(SELECT m FROM unnest(matters) m
        WHERE NOT EXISTS (SELECT 1 FROM tips_tip t WHERE t.matter_id = m)));
    RETURN cardinality(gone);
END $$;

GRANT EXECUTE ON FUNCTION api.remove_probes TO upstander_worker;
