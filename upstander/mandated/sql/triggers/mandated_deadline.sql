CREATE TRIGGER mandated_deadline_guard BEFORE UPDATE ON mandated_deadline
    FOR EACH ROW EXECUTE FUNCTION mandated_deadline_guard();

CREATE TRIGGER mandated_deadline_stays BEFORE DELETE OR TRUNCATE ON mandated_deadline
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();

CREATE TRIGGER mandated_met_times BEFORE UPDATE ON mandated_deadline
    FOR EACH ROW EXECUTE FUNCTION mandated_met_times();

CREATE TRIGGER mandated_reminder_soon BEFORE INSERT OR UPDATE ON mandated_deadline
    FOR EACH ROW EXECUTE FUNCTION mandated_reminder_soon();

CREATE TRIGGER mandated_finished AFTER UPDATE ON mandated_deadline FOR EACH ROW
    WHEN (OLD.met_at IS NULL AND NEW.met_at IS NOT NULL)
    EXECUTE FUNCTION mandated_finished();
