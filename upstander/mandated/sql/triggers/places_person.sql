CREATE TRIGGER mandated_leaving_held BEFORE UPDATE ON places_person
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
    EXECUTE FUNCTION mandated_leaving_held();
