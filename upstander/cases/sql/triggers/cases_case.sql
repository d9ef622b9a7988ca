-- Named so that it fires before the guard, which asks for a second person then.
CREATE TRIGGER cases_becomes_of_life BEFORE UPDATE OF state ON cases_case
    FOR EACH ROW WHEN (NEW.state <> OLD.state AND NOT NEW.life_safety)
    EXECUTE FUNCTION cases_becomes_of_life();

CREATE TRIGGER cases_case_born BEFORE INSERT ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_case_born();

CREATE TRIGGER cases_case_guard BEFORE UPDATE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_case_guard();

CREATE TRIGGER cases_case_stays BEFORE DELETE OR TRUNCATE ON cases_case
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();

CREATE TRIGGER cases_tell_tips AFTER UPDATE OF state ON cases_case
    FOR EACH ROW WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION cases_tell_tips();

CREATE TRIGGER cases_nothing_left BEFORE UPDATE OF state ON cases_case
    FOR EACH ROW WHEN (NEW.state <> OLD.state AND NEW.state::text = ANY ('{review,closed}'))
    EXECUTE FUNCTION cases_nothing_left();
