CREATE TRIGGER emergency_request_moves BEFORE INSERT OR UPDATE ON emergency_policerequest
    FOR EACH ROW EXECUTE FUNCTION emergency_request_moves();
