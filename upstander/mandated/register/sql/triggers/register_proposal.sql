CREATE TRIGGER register_proposal_guard BEFORE INSERT OR UPDATE ON register_proposal
    FOR EACH ROW EXECUTE FUNCTION register_proposal_guard();

CREATE TRIGGER register_proposal_stays BEFORE DELETE OR TRUNCATE ON register_proposal
    FOR EACH STATEMENT EXECUTE FUNCTION register_stays();
