CREATE TRIGGER mandated_standin_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON mandated_standin
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
