CREATE TRIGGER mandated_said_done BEFORE INSERT OR UPDATE OF ending ON cases_caseaction
    FOR EACH ROW WHEN (NEW.kind = 'child_protection' AND NEW.ending = 'done')
    EXECUTE FUNCTION mandated_said_reported();
