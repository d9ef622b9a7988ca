CREATE TRIGGER mandated_left AFTER DELETE ON places_membership
    FOR EACH ROW EXECUTE FUNCTION mandated_left();
