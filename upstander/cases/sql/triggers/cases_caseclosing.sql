CREATE TRIGGER cases_closing_born BEFORE INSERT ON cases_caseclosing
    FOR EACH ROW EXECUTE FUNCTION cases_closing_born();

CREATE TRIGGER cases_closing_guard BEFORE UPDATE ON cases_caseclosing
    FOR EACH ROW EXECUTE FUNCTION cases_closing_guard();

CREATE TRIGGER cases_closing_stays BEFORE DELETE OR TRUNCATE ON cases_caseclosing
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();
