CREATE TRIGGER mandated_asks_anyway AFTER INSERT ON cases_caseitem
    FOR EACH ROW WHEN (NEW.kind = 'asked_why') EXECUTE FUNCTION mandated_asks_anyway();
