CREATE TRIGGER register_forget AFTER DELETE ON vault_shredkey
    FOR EACH ROW EXECUTE FUNCTION register_forget();
