CREATE OR REPLACE FUNCTION guides_review_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was said of a text stays' USING ERRCODE = 'insufficient_privilege';
END $$;
