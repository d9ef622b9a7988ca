CREATE TRIGGER dispatch_brief_is_for_police BEFORE INSERT ON dispatch_brief
    FOR EACH ROW EXECUTE FUNCTION dispatch_brief_is_for_police();

CREATE TRIGGER dispatch_brief_moves BEFORE UPDATE ON dispatch_brief
    FOR EACH ROW EXECUTE FUNCTION dispatch_brief_moves();

CREATE TRIGGER dispatch_brief_read AFTER UPDATE OF state ON dispatch_brief
    FOR EACH ROW WHEN (OLD.state = 'handed' AND NEW.state <> 'handed')
    EXECUTE FUNCTION dispatch_brief_read();

CREATE TRIGGER dispatch_police_is_seconded BEFORE INSERT ON dispatch_brief
    FOR EACH ROW EXECUTE FUNCTION dispatch_police_is_seconded();
