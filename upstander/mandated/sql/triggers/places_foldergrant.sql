CREATE TRIGGER mandated_grant_changed AFTER INSERT OR UPDATE ON places_foldergrant
    FOR EACH ROW EXECUTE FUNCTION mandated_grant_changed();
