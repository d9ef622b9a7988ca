CREATE TRIGGER escalations_left AFTER DELETE ON places_membership
    FOR EACH ROW EXECUTE FUNCTION escalations_left();
