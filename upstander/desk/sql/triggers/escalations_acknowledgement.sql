CREATE TRIGGER desk_poke AFTER INSERT ON escalations_acknowledgement
    FOR EACH ROW EXECUTE FUNCTION desk_alert_poke();
