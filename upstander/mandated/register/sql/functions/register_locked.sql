-- Locks an entry for its disposal, if the session's person may open it.
CREATE OR REPLACE FUNCTION register_locked(p_entry uuid) RETURNS register_entry
    LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    e register_entry%ROWTYPE;
BEGIN
    SELECT * INTO e FROM register_entry WHERE id = p_entry FOR UPDATE;
    IF NOT FOUND OR NOT register_opens(p_entry) THEN
        RAISE EXCEPTION 'no such allegation' USING ERRCODE = 'no_data_found';
    END IF;
    RETURN e;
END $$;
