CREATE TRIGGER register_disclosure_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON register_disclosure
    FOR EACH STATEMENT EXECUTE FUNCTION register_stays();
