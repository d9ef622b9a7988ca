CREATE TRIGGER escalations_left AFTER DELETE ON people_membership
    FOR EACH ROW EXECUTE FUNCTION escalations_left();
