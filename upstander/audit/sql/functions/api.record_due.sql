-- The worker seals without reading an entry: hashes and numbers are all it is given. Only what is
-- finished: every transaction before the snapshot's oldest running one has committed or never will,
-- so nothing can commit later and come to stand before what is sealed now. Nobody waits for
-- anybody.
CREATE OR REPLACE FUNCTION api.record_due(p_xid bigint, p_entry bigint, p_above bigint,
    p_most integer)
    RETURNS TABLE (id bigint, xid bigint, leaf bytea)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    (SELECT e.id, e.xid, e.leaf FROM audit_entry e
     WHERE (e.xid, e.id) > (p_xid, p_entry) AND e.id > p_above
       AND e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
     ORDER BY e.xid, e.id LIMIT p_most)
    UNION ALL
    (SELECT s.id, s.xid, audit_seal_leaf(s) FROM audit_rowseal s
     WHERE (s.xid, s.id) > (p_xid, p_entry) AND s.id > p_above
       AND s.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
     ORDER BY s.xid, s.id LIMIT p_most)
    ORDER BY 2, 1 LIMIT p_most
$$;

GRANT EXECUTE ON FUNCTION api.record_due TO upstander_worker;
