CREATE OR REPLACE FUNCTION cases_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a case and what was written in it stay as they are'
        USING ERRCODE = 'insufficient_privilege';
END $$;
