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
    DELETE FROM carriers_inbound WHERE for_id = ANY (alerts);
    DELETE FROM carriers_receipt WHERE delivery_id IN (
        SELECT d.id FROM carriers_delivery d WHERE d.for_id = ANY (alerts));
    DELETE FROM carriers_delivery WHERE for_id = ANY (alerts);
    DELETE FROM escalations_acknowledgement WHERE alert_id = ANY (alerts);
    DELETE FROM escalations_page WHERE alert_id = ANY (alerts);
    DELETE FROM escalations_step WHERE alert_id = ANY (alerts);
    DELETE FROM escalations_task WHERE subject_id = ANY (gone);
    DELETE FROM escalations_news WHERE subject_id = ANY (gone);
    DELETE FROM escalations_alert WHERE id = ANY (alerts);
    DELETE FROM tips_talk WHERE tip_id = ANY (gone);
    DELETE FROM tips_returncode WHERE tip_id = ANY (gone);
    DELETE FROM tips_message WHERE tip_id = ANY (gone);
    DELETE FROM vault_grant WHERE tip_id = ANY (gone);
    DELETE FROM vault_shredkey WHERE subject = ANY (gone);
    DELETE FROM tips_tip WHERE id = ANY (gone);
    DELETE FROM places_matter m WHERE m.id = ANY (matters)
        AND NOT EXISTS (SELECT 1 FROM tips_tip t WHERE t.matter_id = m.id);
    RETURN cardinality(gone);
END $$;

GRANT EXECUTE ON FUNCTION api.remove_probes TO upstander_worker;
