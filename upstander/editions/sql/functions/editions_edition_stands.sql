CREATE OR REPLACE FUNCTION editions_edition_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what was published is never changed or removed'
        USING ERRCODE = 'insufficient_privilege';
END $$;
