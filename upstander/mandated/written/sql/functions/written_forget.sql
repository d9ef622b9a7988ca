-- What was begun of a duty's report, and never sent.
CREATE OR REPLACE FUNCTION written_forget(p_duty uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    DELETE FROM written_draft WHERE duty_id = p_duty
$$;
