CREATE TRIGGER mandated_duty_changed AFTER UPDATE ON mandated_duty FOR EACH ROW
    WHEN (NEW.written_at IS NOT NULL AND (OLD.first_at IS DISTINCT FROM NEW.first_at
          OR OLD.written_at IS DISTINCT FROM NEW.written_at
          OR OLD.written_due IS DISTINCT FROM NEW.written_due))
    EXECUTE FUNCTION mandated_duty_changed();

CREATE TRIGGER mandated_duty_guard BEFORE UPDATE ON mandated_duty
    FOR EACH ROW EXECUTE FUNCTION mandated_duty_guard();

CREATE TRIGGER mandated_duty_stays BEFORE DELETE OR TRUNCATE ON mandated_duty
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();

CREATE TRIGGER mandated_server_times BEFORE UPDATE ON mandated_duty
    FOR EACH ROW EXECUTE FUNCTION mandated_server_times();

CREATE TRIGGER mandated_reminder_soon BEFORE INSERT OR UPDATE ON mandated_duty
    FOR EACH ROW EXECUTE FUNCTION mandated_reminder_soon();

CREATE TRIGGER mandated_finished AFTER UPDATE ON mandated_duty FOR EACH ROW
    WHEN (OLD.written_at IS NULL AND NEW.written_at IS NOT NULL)
    EXECUTE FUNCTION mandated_finished();
