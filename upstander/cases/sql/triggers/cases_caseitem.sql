CREATE TRIGGER cases_item_guard BEFORE INSERT ON cases_caseitem
    FOR EACH ROW WHEN (NEW.kind = 'questioning') EXECUTE FUNCTION cases_item_guard();

CREATE TRIGGER cases_item_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON cases_caseitem
    FOR EACH STATEMENT EXECUTE FUNCTION cases_stay();
