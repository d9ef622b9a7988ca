CREATE TRIGGER mandated_asked_begins AFTER INSERT ON mandated_asked
    FOR EACH ROW EXECUTE FUNCTION mandated_asked_begins();

CREATE TRIGGER mandated_asked_guard BEFORE UPDATE ON mandated_asked
    FOR EACH ROW EXECUTE FUNCTION mandated_asked_guard();

CREATE TRIGGER mandated_asked_stays BEFORE DELETE OR TRUNCATE ON mandated_asked
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();

CREATE TRIGGER mandated_reminder_soon BEFORE INSERT OR UPDATE ON mandated_asked
    FOR EACH ROW EXECUTE FUNCTION mandated_reminder_soon();
