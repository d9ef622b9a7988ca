-- The reader's months between two days: what is kept of one is made anew when the month has changed
-- since. One statement, one look at the database: a change that commits while it runs has a higher
-- number, and the month is made anew at the next reading. Times that can't be right (a report from
-- before its cause, a written one from before the first or before it was signed) prove nothing:
-- they count as late, and are no measure of how long it took (clocks.Times.unsure).
CREATE OR REPLACE FUNCTION api.ledger_months(p_from date, p_to date)
    RETURNS TABLE (month date, cells jsonb)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
    me bigint := api.scope_person();
    watched bigint[] := api.monitor_districts();
    districts bigint[] := api.scope_districts() || watched;
    code bytea := api.scope_mac();
    excluded uuid[] := api.excluded_matters();
    edges integer[] := mandated_edges();
BEGIN
    IF me IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO mandated_tally (person_id, district_id, month, changes, cells)
    SELECT me, c.district_id, c.month, c.changes, coalesce((
        WITH u AS MATERIALIZED (
            SELECT d.school_id, d.rule_set, d.rule, d.first_at > d.first_due AS late_first,
                d.written_at > d.written_due AS late_written,
                extract(epoch FROM d.first_at - d.first_due)::bigint AS first_over,
                extract(epoch FROM d.written_at - d.written_due)::bigint AS written_over,
                CASE WHEN d.first_at >= date_trunc('minute', d.cause_at) THEN
                    width_bucket(extract(epoch FROM d.first_at - d.cause_at)::integer,
                        edges) END AS first_in,
                CASE WHEN d.written_at >= date_trunc('minute', d.first_at) AND NOT coalesce(
                        d.written_at < date_trunc('minute', s.at), false) THEN
                    width_bucket(extract(epoch FROM d.written_at - d.first_at)::integer, edges)
                    END AS written_in
            FROM mandated_duty d
                CROSS JOIN LATERAL (SELECT min(e.at) AS at FROM mandated_dutyevent e
                    WHERE e.duty_id = d.id AND e.kind = 'signed') AS s
            WHERE d.district_id = c.district_id AND d.month = c.month AND d.written_at IS NOT NULL
              AND (d.person_id = me OR NOT (d.matter_id = ANY (excluded)))
              AND (c.district_id = ANY (watched) OR EXISTS (
                  -- For good: what is shared until a day is in nobody's figures.
                  SELECT 1 FROM matters_foldergrant g WHERE g.folder_id = d.folder_id
                    AND g.holder IN ('person:' || me,
                        'own:' || encode(matters_bound(code, d.folder_id), 'hex'))
                    AND g.until IS NULL))),
        h AS MATERIALIZED (
            SELECT u.school_id, u.rule_set, u.rule, x.kind, x.bucket, count(*) AS n FROM u,
                LATERAL (VALUES (0, u.first_in), (1, u.written_in)) AS x (kind, bucket)
            WHERE x.bucket IS NOT NULL
            GROUP BY 1, 2, 3, 4, 5)
        SELECT jsonb_agg(jsonb_build_array(g.school_id, g.rule_set, g.rule, g.duties, g.in_time,
            g.first_late, g.written_late, g.first_over, g.written_over,
            mandated_dense(p_first => 0, p_last => cardinality(edges),
                p_counts => (SELECT jsonb_object_agg(h.bucket, h.n) FROM h
                WHERE h.kind = 0 AND h.school_id IS NOT DISTINCT FROM g.school_id
                  AND h.rule_set = g.rule_set AND h.rule = g.rule)),
            mandated_dense(p_first => 0, p_last => cardinality(edges),
                p_counts => (SELECT jsonb_object_agg(h.bucket, h.n) FROM h
                WHERE h.kind = 1 AND h.school_id IS NOT DISTINCT FROM g.school_id
                  AND h.rule_set = g.rule_set AND h.rule = g.rule))))
        FROM (SELECT u.school_id, u.rule_set, u.rule, count(*) AS duties,
                  count(*) FILTER (WHERE NOT u.late_first AND NOT u.late_written
                      AND u.first_in IS NOT NULL AND u.written_in IS NOT NULL) AS in_time,
                  count(*) FILTER (WHERE u.late_first OR u.first_in IS NULL) AS first_late,
                  count(*) FILTER (WHERE u.late_written OR u.written_in IS NULL)
                      AS written_late,
                  max(u.first_over) AS first_over, max(u.written_over) AS written_over
              FROM u GROUP BY 1, 2, 3) AS g), '[]')
    FROM mandated_monthchange c
    WHERE c.district_id = ANY (districts) AND c.month BETWEEN p_from AND p_to
      AND NOT EXISTS (SELECT 1 FROM mandated_tally t WHERE t.person_id = me
        AND t.district_id = c.district_id AND t.month = c.month AND t.changes = c.changes)
    ON CONFLICT (person_id, district_id, month) DO UPDATE
        SET changes = excluded.changes, cells = excluded.cells
        WHERE mandated_tally.changes < excluded.changes;
    RETURN QUERY SELECT t.month, t.cells FROM mandated_tally t
        WHERE t.person_id = me AND t.district_id = ANY (districts)
          AND t.month BETWEEN p_from AND p_to;
END $$;

GRANT EXECUTE ON FUNCTION api.ledger_months TO upstander_monitor, upstander_school;
