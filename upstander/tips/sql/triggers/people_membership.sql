CREATE TRIGGER tips_newcomer_waits AFTER INSERT ON people_membership
    FOR EACH ROW EXECUTE FUNCTION tips_newcomer_waits();
