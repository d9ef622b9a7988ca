CREATE TRIGGER mandated_reminder_soon BEFORE INSERT OR UPDATE ON mandated_routing
    FOR EACH ROW EXECUTE FUNCTION mandated_reminder_soon();
