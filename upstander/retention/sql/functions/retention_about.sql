-- What a tip or case is about, as far as that is kept by rules of its own: somebody on staff,
-- sexual harm and what else Title IX means, suspected abuse. By its tile or concern, by how a
-- counselor judged it, by the duty to report that was asked or taken up, and by what has become one
-- matter with it; once it was, it stays so.
CREATE OR REPLACE FUNCTION retention_about(p_subject uuid, p_matter uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH matters AS MATERIALIZED (
        SELECT m AS id FROM retention_matters(p_subject => p_subject, p_matter => p_matter) m),
    tips AS MATERIALIZED (SELECT t.id, t.tile, t.mandated, t.kept_as
        FROM tips_tip t
        WHERE t.matter_id IN (SELECT id FROM matters)),
    concerns AS MATERIALIZED (SELECT c.concern FROM cases_case c
        WHERE c.matter_id IN (SELECT id FROM matters))
    SELECT CASE
        WHEN EXISTS (SELECT 1 FROM tips WHERE tile = 'adult' OR kept_as = 'staff')
            OR EXISTS (SELECT 1 FROM register_entry e WHERE e.matter_id IN (SELECT id FROM matters))
            THEN 'staff'
        WHEN EXISTS (SELECT 1 FROM tips
                WHERE tile IN ('sexual', 'images', 'partner') OR kept_as = 'sexual')
            OR EXISTS (SELECT 1 FROM concerns WHERE concern = 'sexual')
            THEN 'sexual'
        WHEN EXISTS (SELECT 1 FROM tips WHERE mandated)
            OR EXISTS (SELECT 1 FROM concerns WHERE concern = 'abuse')
            OR EXISTS (SELECT 1 FROM mandated_asked a WHERE a.matter_id IN (SELECT id FROM matters))
            OR EXISTS (SELECT 1 FROM mandated_duty d WHERE d.matter_id IN (SELECT id FROM matters))
            THEN 'abuse'
        ELSE 'none' END
$$;
