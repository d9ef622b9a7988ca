-- Where one span of time ends and the next begins (s): half hours to twelve hours, hours to two
-- days, three hours to three days, days to ten. ledger.py says the same.
CREATE OR REPLACE FUNCTION mandated_edges() RETURNS integer[] LANGUAGE sql IMMUTABLE AS $$
    SELECT array_agg(e ORDER BY e) FROM (
        SELECT 1800 * generate_series(1, 24) UNION SELECT 3600 * generate_series(13, 48)
        UNION SELECT 10800 * generate_series(17, 24) UNION SELECT 86400 * generate_series(4, 10)
    ) AS edges (e)
$$;
