CREATE OR REPLACE FUNCTION written_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was signed or sent stays as it is'
        USING ERRCODE = 'insufficient_privilege';
END $$;
