CREATE TRIGGER desk_notify AFTER UPDATE OF state ON escalations_page
    FOR EACH ROW WHEN (NEW.state::text = ANY ('{sent,failed}'))
    EXECUTE FUNCTION desk_alert_notify();
