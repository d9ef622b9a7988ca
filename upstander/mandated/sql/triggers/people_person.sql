CREATE TRIGGER mandated_leaving_held BEFORE UPDATE ON people_person
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
    EXECUTE FUNCTION mandated_leaving_held();

CREATE TRIGGER mandated_address_held BEFORE UPDATE ON people_person
    FOR EACH ROW WHEN (OLD.is_active AND NEW.is_active
          AND (OLD.email)::text IS DISTINCT FROM (NEW.email)::text)
    EXECUTE FUNCTION mandated_leaving_held();

CREATE TRIGGER mandated_name_held BEFORE UPDATE ON people_person
    FOR EACH ROW WHEN (OLD.is_active AND NEW.is_active
          AND (OLD.name)::text IS DISTINCT FROM (NEW.name)::text)
    EXECUTE FUNCTION mandated_leaving_held();
