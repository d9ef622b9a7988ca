CREATE TRIGGER mandated_said_reported BEFORE INSERT ON cases_caseclosing
    FOR EACH ROW WHEN (NEW.disposition = 'child_protection')
    EXECUTE FUNCTION mandated_said_reported();
