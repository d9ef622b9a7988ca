CREATE TRIGGER retention_item_born BEFORE INSERT ON retention_item
    FOR EACH ROW EXECUTE FUNCTION retention_item_born();

CREATE TRIGGER retention_item_moves BEFORE UPDATE ON retention_item
    FOR EACH ROW EXECUTE FUNCTION retention_item_moves();
