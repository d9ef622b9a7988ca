CREATE TRIGGER training_finding_stays BEFORE UPDATE OR DELETE OR TRUNCATE
    ON training_finding FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
