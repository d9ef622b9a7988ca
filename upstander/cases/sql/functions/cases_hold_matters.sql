-- Waits for whoever is barring somebody from one of these, or linking one: by the one that stands
-- for all.
CREATE OR REPLACE FUNCTION cases_hold_matters(p_matters uuid[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM 1 FROM places_matter r WHERE r.id IN (
        SELECT coalesce(m.merged_into_id, m.id) FROM places_matter m WHERE m.id = ANY (p_matters))
        ORDER BY r.id FOR NO KEY UPDATE;
END $$;
