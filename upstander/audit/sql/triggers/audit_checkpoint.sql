CREATE TRIGGER audit_checkpoint_refuse BEFORE DELETE OR TRUNCATE
    ON audit_checkpoint FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_refuse();

CREATE TRIGGER audit_checkpoint_stands BEFORE UPDATE ON audit_checkpoint
    FOR EACH ROW EXECUTE FUNCTION audit_checkpoint_stands();
