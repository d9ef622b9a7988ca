-- That a reporter said so stays, and when; it is settled, never unsaid. Said to the tables' owner
-- too.
CREATE OR REPLACE FUNCTION tips_not_see_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what the reporter said about who must not see this stays'
        USING ERRCODE = 'insufficient_privilege';
END $$;
