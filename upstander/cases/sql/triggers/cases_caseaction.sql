CREATE TRIGGER cases_action_born BEFORE INSERT ON cases_caseaction
    FOR EACH ROW EXECUTE FUNCTION cases_action_born();

CREATE TRIGGER cases_action_guard BEFORE UPDATE ON cases_caseaction
    FOR EACH ROW EXECUTE FUNCTION cases_action_guard();

CREATE TRIGGER cases_action_stays BEFORE DELETE OR TRUNCATE ON cases_caseaction
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();
