CREATE TRIGGER mandated_read AFTER INSERT ON mandated_answerread
    FOR EACH ROW EXECUTE FUNCTION mandated_read();

CREATE TRIGGER mandated_read_born BEFORE INSERT ON mandated_answerread
    FOR EACH ROW EXECUTE FUNCTION mandated_read_born();

CREATE TRIGGER mandated_read_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON mandated_answerread
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
