CREATE TRIGGER training_completed AFTER INSERT ON training_completion
    FOR EACH ROW EXECUTE FUNCTION training_completed();

CREATE TRIGGER training_completion_stays BEFORE UPDATE OR DELETE OR TRUNCATE
    ON training_completion FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
