CREATE TRIGGER mandated_leaving_held BEFORE UPDATE ON places_person
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
    EXECUTE FUNCTION mandated_leaving_held();

CREATE TRIGGER mandated_address_held BEFORE UPDATE ON places_person
    FOR EACH ROW WHEN (OLD.is_active AND NEW.is_active
          AND (OLD.email)::text IS DISTINCT FROM (NEW.email)::text)
    EXECUTE FUNCTION mandated_leaving_held();
