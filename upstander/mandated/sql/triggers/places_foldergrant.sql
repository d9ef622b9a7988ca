CREATE TRIGGER mandated_grant_waits BEFORE INSERT ON places_foldergrant
    FOR EACH ROW EXECUTE FUNCTION mandated_grant_waits();

CREATE TRIGGER mandated_granted_again BEFORE UPDATE ON places_foldergrant
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS NULL)
    EXECUTE FUNCTION mandated_grant_waits();

CREATE TRIGGER mandated_grant_changed AFTER INSERT OR UPDATE ON places_foldergrant
    FOR EACH ROW EXECUTE FUNCTION mandated_grant_changed();
