CREATE TRIGGER mandated_file_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON mandated_fileanswer
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
