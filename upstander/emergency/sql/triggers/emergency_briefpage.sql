CREATE TRIGGER emergency_page_waits BEFORE INSERT ON emergency_briefpage
    FOR EACH ROW EXECUTE FUNCTION emergency_page_waits();
