-- Said to the tables' owner too.
CREATE OR REPLACE FUNCTION register_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the register keeps what was written' USING ERRCODE = 'insufficient_privilege';
END $$;
