-- Nothing is left to do in a case that is closed, or that a second person is asked to close: also nothing of
-- the narrower part, which whoever closes it may not see. What came onto the list since it was proposed
-- counts. Only what nobody can do any more, since both whose it was and who began that part have left,
-- doesn't: such a case could never be closed.
CREATE FUNCTION cases_nothing_left() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM cases_caseaction a JOIN places_folder f ON f.id = a.folder_id
        WHERE a.case_id = NEW.id AND a.ended_at IS NULL AND a.closing_id IS NULL
          AND (a.folder_id = NEW.id OR EXISTS (
              SELECT 1 FROM places_person p
              WHERE p.id IN (a.owner_id, f.opened_by) AND p.is_active))) THEN
        RAISE EXCEPTION 'something is left to do in this case'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'cases_nothing_left';
    END IF;
    RETURN NEW;
END $$;
REVOKE ALL ON FUNCTION cases_nothing_left() FROM PUBLIC;
CREATE TRIGGER cases_nothing_left BEFORE UPDATE OF state ON cases_case
    FOR EACH ROW WHEN (NEW.state <> OLD.state AND NEW.state IN ('review', 'closed'))
    EXECUTE FUNCTION cases_nothing_left();
