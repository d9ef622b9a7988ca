CREATE TRIGGER tips_settled_guard BEFORE INSERT OR UPDATE ON tips_settled
    FOR EACH ROW EXECUTE FUNCTION tips_settled_guard();
