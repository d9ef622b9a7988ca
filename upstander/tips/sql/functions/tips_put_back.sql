-- A claimed tip waits on the queue again. Whoever calls holds its row.
CREATE OR REPLACE FUNCTION tips_put_back(p_tip uuid, p_at timestamptz) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_tip SET state = 'new', claimed_by = NULL, claimed_at = NULL, changed_at = p_at,
        waiting_since = coalesce(waiting_since, p_at) WHERE id = p_tip
$$;
