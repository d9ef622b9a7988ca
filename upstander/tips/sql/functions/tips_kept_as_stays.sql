-- By which schedule evidence is kept goes from none to what Title IX means to staff, never back: a
-- later judgement lets nothing go that an earlier one kept.
CREATE OR REPLACE FUNCTION tips_kept_as_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF coalesce(array_position(ARRAY['', 'sexual', 'staff'], NEW.kept_as::text), 0)
        < array_position(ARRAY['', 'sexual', 'staff'], OLD.kept_as::text) THEN
        NEW.kept_as := OLD.kept_as;
    END IF;
    RETURN NEW;
END $$;
