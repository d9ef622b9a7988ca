CREATE TRIGGER desk_notify AFTER INSERT ON escalations_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION desk_alert_notify();
