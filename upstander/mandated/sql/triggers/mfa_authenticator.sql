CREATE TRIGGER mandated_step_taken_off AFTER DELETE ON mfa_authenticator
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT
    EXECUTE FUNCTION mandated_step_taken_off();
