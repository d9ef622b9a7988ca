-- What is gone stays gone: nothing is stored under its name again.
CREATE OR REPLACE FUNCTION vault_gone_is_gone() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'what was destroyed stays so' USING ERRCODE = 'insufficient_privilege';
END $$;
