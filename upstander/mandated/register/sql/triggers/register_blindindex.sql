CREATE TRIGGER register_blindindex_guard BEFORE INSERT OR UPDATE OR DELETE ON register_blindindex
    FOR EACH ROW EXECUTE FUNCTION register_blindindex_guard();

CREATE TRIGGER register_blindindex_stays BEFORE TRUNCATE ON register_blindindex
    FOR EACH STATEMENT EXECUTE FUNCTION register_stays();
