-- Whether a synthetic tip lies where its center's queue would show it: the worker reads no tip.
CREATE OR REPLACE FUNCTION api.probe_on_queue(p_tip uuid) RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM tips_tip t JOIN watch_probeplace p ON p.district_id = t.district_id
        WHERE t.id = p_tip AND t.center_id = p.center_id AND t.state = 'new' AND t.rank = 0
          AND t.waiting_since IS NOT NULL AND NOT t.junk)
$$;

GRANT EXECUTE ON FUNCTION api.probe_on_queue TO upstander_worker;
