CREATE TRIGGER dispatch_request_moves BEFORE INSERT OR UPDATE ON dispatch_policerequest
    FOR EACH ROW EXECUTE FUNCTION dispatch_request_moves();
