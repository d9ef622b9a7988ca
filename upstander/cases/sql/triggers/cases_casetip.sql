CREATE TRIGGER cases_tip_guard BEFORE UPDATE ON cases_casetip
    FOR EACH ROW EXECUTE FUNCTION cases_tip_guard();

CREATE TRIGGER cases_tip_joins AFTER INSERT ON cases_casetip
    FOR EACH ROW EXECUTE FUNCTION cases_tip_joins();

CREATE TRIGGER cases_tip_stays BEFORE DELETE OR TRUNCATE ON cases_casetip
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();
