-- Said to the tables' owner too: what was written stays, and a duty's person and times are its own.
CREATE OR REPLACE FUNCTION mandated_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a duty and what was done about it stay as they are'
        USING ERRCODE = 'insufficient_privilege';
END $$;
