CREATE TRIGGER mandated_settled AFTER INSERT ON tips_settled
    FOR EACH ROW EXECUTE FUNCTION mandated_settled();
