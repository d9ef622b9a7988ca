CREATE TRIGGER triage_assessment_born BEFORE INSERT ON triage_assessment
    FOR EACH ROW EXECUTE FUNCTION triage_assessment_born();

CREATE TRIGGER triage_assessment_refuse BEFORE UPDATE ON triage_assessment
    FOR EACH STATEMENT EXECUTE FUNCTION triage_assessment_refuse();
