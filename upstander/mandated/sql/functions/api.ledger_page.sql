-- Newest first, by the number of the reader's own grant. What the reader's own are, no index tells
-- (names are bound to each folder): the duties within view are walked by the number of their
-- owner's grant, the lowest of each, and the reader's is looked up in each.
CREATE OR REPLACE FUNCTION api.ledger_page(p_before bigint, p_limit integer)
    RETURNS TABLE (place bigint, duty uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.id, x.id
    FROM (SELECT api.scope_mac() AS mac, api.scope_person() AS person,
            api.excluded_matters() AS excluded OFFSET 0) AS me,
        matters_foldergrant o JOIN mandated_duty x ON x.folder_id = o.folder_id
    WHERE o.holder LIKE 'person:%' AND o.id < p_before AND o.holder = 'person:' || x.person_id
      AND x.district_id = ANY ((SELECT api.scope_districts())::bigint[])
      AND (x.person_id = me.person OR NOT (x.matter_id = ANY (me.excluded)) AND EXISTS (
          SELECT 1 FROM matters_foldergrant g WHERE g.folder_id = x.folder_id
            AND g.holder = 'own:' || encode(matters_bound(me.mac, x.folder_id), 'hex')
            AND (g.until IS NULL OR g.until > api.clock_now())))
    ORDER BY o.id DESC LIMIT p_limit
$$;

GRANT EXECUTE ON FUNCTION api.ledger_page TO upstander_school;
