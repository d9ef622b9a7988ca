-- The tips of these matters before the matters themselves, for whoever goes on to write on them.
CREATE OR REPLACE FUNCTION mandated_lock_tips(p_matters uuid[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT 1 FROM tips_tip t WHERE t.matter_id IN (SELECT mandated_matters(p_matters))
        ORDER BY t.id FOR NO KEY UPDATE
$$;
