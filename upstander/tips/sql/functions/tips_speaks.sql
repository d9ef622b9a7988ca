-- Notes in which language a reporter by phone said that they want to be talked with.
CREATE OR REPLACE FUNCTION tips_speaks(p_tip uuid, p_language text) RETURNS void
    LANGUAGE sql SET search_path = public, pg_temp AS $$
    UPDATE tips_tip SET language = p_language WHERE id = p_tip AND channel = 'voice'
$$;
