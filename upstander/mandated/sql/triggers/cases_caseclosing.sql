CREATE TRIGGER mandated_said_reported BEFORE INSERT ON cases_caseclosing
    FOR EACH ROW WHEN (NEW.disposition::text = ANY ('{child_protection,not_accepted}'))
    EXECUTE FUNCTION mandated_said_reported();
