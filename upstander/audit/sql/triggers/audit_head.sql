CREATE TRIGGER audit_head_advances BEFORE UPDATE ON audit_head
    FOR EACH ROW EXECUTE FUNCTION audit_head_advances();

CREATE TRIGGER audit_head_refuse BEFORE DELETE OR TRUNCATE
    ON audit_head FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse();
