-- What is confidential is withheld until somebody has read the record as it now stands.
CREATE OR REPLACE FUNCTION directory_withhold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.withheld := NEW.confidential AND NEW.read_mark <> md5(NEW.record::text);
    RETURN NEW;
END $$;
