CREATE TRIGGER training_certification_guard BEFORE INSERT ON training_certification
    FOR EACH ROW EXECUTE FUNCTION training_certification_guard();

CREATE TRIGGER training_certification_stays BEFORE UPDATE OR DELETE OR TRUNCATE
    ON training_certification FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
