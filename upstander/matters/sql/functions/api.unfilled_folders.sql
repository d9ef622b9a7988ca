-- Duties and allegations of which the number of grants would tell something, since an exclusion
-- took some back whose setter holds no grant: the worker fills them up. In no order, as some must
-- wait.
CREATE OR REPLACE FUNCTION api.unfilled_folders(p_limit integer) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT g.folder_id FROM matters_foldergrant g JOIN matters_folder f ON f.id = g.folder_id
    WHERE f.kind = ANY ('{duty,register}'::text[])
    GROUP BY g.folder_id HAVING count(*) % 8 <> 0
    ORDER BY random() LIMIT p_limit
$$;

GRANT EXECUTE ON FUNCTION api.unfilled_folders TO upstander_worker;
