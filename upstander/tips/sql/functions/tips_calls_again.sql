-- A caller whose counselor has left waits for another: somebody waits again.
CREATE OR REPLACE FUNCTION tips_calls_again(p_tip uuid, p_at timestamptz) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_tip SET waiting_since = coalesce(waiting_since, p_at) WHERE id = p_tip
$$;
