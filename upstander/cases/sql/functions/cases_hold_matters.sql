-- Waits for whoever is excluding somebody from one of these, or linking one: by the one that stands
-- for all.
CREATE OR REPLACE FUNCTION cases_hold_matters(p_matters uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM matters_matter r WHERE r.id IN (
        SELECT coalesce(m.merged_into_id, m.id) FROM matters_matter m WHERE m.id = ANY (p_matters))
        ORDER BY r.id FOR NO KEY UPDATE;
END $$;
