CREATE TRIGGER written_report_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON written_report
    FOR EACH STATEMENT EXECUTE FUNCTION written_stays();

CREATE TRIGGER written_report_told AFTER INSERT ON written_report
    FOR EACH ROW EXECUTE FUNCTION written_told();
