CREATE TRIGGER register_decision_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON register_decision
    FOR EACH STATEMENT EXECUTE FUNCTION register_stays();
