-- Counts by place as a list without gaps: lists are added up in the same time, however full they
-- are.
CREATE OR REPLACE FUNCTION mandated_dense(p_first integer, p_last integer,
    p_counts jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_agg(coalesce((p_counts ->> i::text)::bigint, 0) ORDER BY i)
    FROM generate_series(p_first, p_last) AS i
$$;
