CREATE TRIGGER mandated_confirmation_stays BEFORE UPDATE OR DELETE OR TRUNCATE
    ON mandated_confirmation
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
