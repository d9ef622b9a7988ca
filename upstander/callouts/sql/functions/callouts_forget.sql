CREATE OR REPLACE FUNCTION callouts_forget(p_callouts uuid[]) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM callouts_event WHERE callout_id = ANY (p_callouts);
    DELETE FROM callouts_callout WHERE id = ANY (p_callouts)
$$;
