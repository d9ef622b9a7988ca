CREATE TRIGGER desk_poke AFTER UPDATE OF due_at ON escalations_step
    FOR EACH ROW EXECUTE FUNCTION desk_alert_poke();
