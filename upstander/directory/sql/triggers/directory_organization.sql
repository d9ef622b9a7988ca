CREATE TRIGGER directory_withhold BEFORE INSERT OR UPDATE ON directory_organization
    FOR EACH ROW EXECUTE FUNCTION directory_withhold();

CREATE TRIGGER directory_entered AFTER UPDATE ON directory_organization
    FOR EACH ROW WHEN (OLD.withheld <> NEW.withheld OR OLD.name <> NEW.name
        OR OLD.record <> NEW.record)
    EXECUTE FUNCTION directory_entered();
