CREATE TRIGGER mandated_answer_born BEFORE INSERT ON mandated_answer
    FOR EACH ROW EXECUTE FUNCTION mandated_answer_born();

CREATE TRIGGER mandated_answer_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON mandated_answer
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();

CREATE TRIGGER mandated_answered AFTER INSERT ON mandated_answer
    FOR EACH ROW EXECUTE FUNCTION mandated_answered();
