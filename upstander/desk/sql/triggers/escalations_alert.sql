CREATE TRIGGER desk_notify AFTER UPDATE OF state, priority, next_step_due_at ON escalations_alert
    FOR EACH ROW EXECUTE FUNCTION desk_alert_notify();
