CREATE TRIGGER dispatch_page_waits BEFORE INSERT ON dispatch_briefpage
    FOR EACH ROW EXECUTE FUNCTION dispatch_page_waits();
