CREATE TRIGGER callouts_step BEFORE INSERT ON callouts_event
    FOR EACH ROW EXECUTE FUNCTION callouts_step();
