-- Of a caller who seemed to have hung up at once a key came late: their tip is one as others are.
CREATE OR REPLACE FUNCTION tips_there_after_all(p_tip uuid) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_tip SET same_words = NULL, said_before = 0,
        changed_at = date_trunc('second', api.clock_now())
        WHERE id = p_tip AND same_words = convert_to('hung up ', 'UTF8')
$$;
