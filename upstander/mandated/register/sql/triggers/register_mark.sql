CREATE TRIGGER register_mark_guard BEFORE INSERT OR UPDATE OR DELETE ON register_mark
    FOR EACH ROW EXECUTE FUNCTION register_mark_guard();

CREATE TRIGGER register_mark_stays BEFORE TRUNCATE ON register_mark
    FOR EACH STATEMENT EXECUTE FUNCTION register_stays();
