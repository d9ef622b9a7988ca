CREATE TRIGGER emergency_brief_is_for_police BEFORE INSERT ON emergency_brief
    FOR EACH ROW EXECUTE FUNCTION emergency_brief_is_for_police();

CREATE TRIGGER emergency_brief_moves BEFORE UPDATE ON emergency_brief
    FOR EACH ROW EXECUTE FUNCTION emergency_brief_moves();

CREATE TRIGGER emergency_brief_read AFTER UPDATE OF state ON emergency_brief
    FOR EACH ROW WHEN (OLD.state = 'handed' AND NEW.state <> 'handed')
    EXECUTE FUNCTION emergency_brief_read();

CREATE TRIGGER emergency_police_is_seconded BEFORE INSERT ON emergency_brief
    FOR EACH ROW EXECUTE FUNCTION emergency_police_is_seconded();
