-- Newest first, by the number of the reader's own grant. What the reader's own are, no index tells
-- (names are bound to each folder): the duties within view are walked by the number of their
-- owner's grant, the lowest of each, and the reader's is looked up in each. LATERAL with OFFSET 0
-- walks them in that order until the page is full; each (SELECT ...) is asked once.
CREATE OR REPLACE FUNCTION api.ledger_page(p_before bigint, p_limit integer)
    RETURNS TABLE (place bigint, duty uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.id, x.id
    FROM matters_foldergrant o CROSS JOIN LATERAL (
        SELECT d.id FROM mandated_duty d
        WHERE d.folder_id = o.folder_id AND o.holder = 'person:' || d.person_id
          AND d.district_id = ANY ((SELECT api.scope_districts())::bigint[])
          AND (d.person_id = (SELECT api.scope_person())
            OR NOT (d.matter_id = ANY ((SELECT api.excluded_matters())::uuid[])) AND EXISTS (
              SELECT 1 FROM matters_foldergrant g WHERE g.folder_id = d.folder_id
                AND g.holder =
                    'own:' || encode(matters_bound((SELECT api.scope_mac()), d.folder_id), 'hex')
                AND (g.until IS NULL OR g.until > api.clock_now()) OFFSET 0))
        OFFSET 0) AS x
    WHERE o.holder LIKE 'person:%' AND o.id < p_before
    ORDER BY o.id DESC LIMIT p_limit
$$;

GRANT EXECUTE ON FUNCTION api.ledger_page TO upstander_school;
