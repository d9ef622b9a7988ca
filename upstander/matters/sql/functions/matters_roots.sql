-- The matters that stand for these, in the order in which they are locked; null: none.
CREATE OR REPLACE FUNCTION matters_roots(p_matters uuid[]) RETURNS uuid[]
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT array_agg(r.root ORDER BY r.root) FROM (
        SELECT DISTINCT coalesce(m.merged_into_id, m.id) AS root FROM matters_matter m
        WHERE m.id = ANY (p_matters)) AS r
$$;
