CREATE TRIGGER vault_leave_tombstone AFTER DELETE ON vault_shredkey
    FOR EACH ROW EXECUTE FUNCTION vault_leave_tombstone();

CREATE TRIGGER vault_shredkey_of_open_file BEFORE INSERT ON vault_shredkey
    FOR EACH ROW EXECUTE FUNCTION vault_shredkey_of_open_file();
