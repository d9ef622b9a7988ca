-- Whoever had a talk has sent it back: it is the center's alone again, until a ground is named
-- anew.
CREATE OR REPLACE FUNCTION tips_ground_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.shared_for := '';
    RETURN NEW;
END $$;
