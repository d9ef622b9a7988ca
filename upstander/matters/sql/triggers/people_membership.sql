CREATE TRIGGER matters_newcomer_left AFTER DELETE ON people_membership
    FOR EACH ROW EXECUTE FUNCTION matters_newcomer_left();
