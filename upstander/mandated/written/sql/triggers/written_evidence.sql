CREATE TRIGGER written_evidence_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON written_evidence
    FOR EACH STATEMENT EXECUTE FUNCTION written_stays();

CREATE TRIGGER written_evidence_told AFTER INSERT ON written_evidence
    FOR EACH ROW EXECUTE FUNCTION written_told();
