CREATE TRIGGER dispatch_police_is_seconded BEFORE INSERT OR UPDATE ON dispatch_call
    FOR EACH ROW EXECUTE FUNCTION dispatch_police_is_seconded();
