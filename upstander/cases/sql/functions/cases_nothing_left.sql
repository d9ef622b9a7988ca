-- A case ends with nothing left to do. Row policies hide an open action in the narrower part from
-- whoever is not let in there, so a colleague could close past it: the database sees them all. One
-- whose owner and opener have gone keeps nobody.
CREATE OR REPLACE FUNCTION cases_nothing_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM cases_caseaction a JOIN matters_folder f ON f.id = a.folder_id
        WHERE a.case_id = NEW.id AND a.ended_at IS NULL AND a.closing_id IS NULL
          AND (a.folder_id = NEW.id OR EXISTS (
              SELECT 1 FROM people_person p
              WHERE p.id IN (a.owner_id, f.opened_by) AND p.is_active))) THEN
        RAISE EXCEPTION 'something is left to do in this case'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_nothing_left';
    END IF;
    RETURN NEW;
END $$;
