CREATE TRIGGER register_entry_guard BEFORE INSERT OR UPDATE ON register_entry
    FOR EACH ROW EXECUTE FUNCTION register_entry_guard();

CREATE TRIGGER register_entry_stays BEFORE DELETE OR TRUNCATE ON register_entry
    FOR EACH STATEMENT EXECUTE FUNCTION register_stays();
