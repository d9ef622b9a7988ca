CREATE TRIGGER desk_notify AFTER UPDATE OF due_at ON escalations_step
    FOR EACH ROW EXECUTE FUNCTION desk_alert_notify();
