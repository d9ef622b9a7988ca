CREATE TRIGGER audit_tile_grows BEFORE INSERT OR UPDATE ON audit_tile
    FOR EACH ROW EXECUTE FUNCTION audit_tile_grows();

CREATE TRIGGER audit_tile_refuse BEFORE DELETE OR TRUNCATE
    ON audit_tile FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse();
