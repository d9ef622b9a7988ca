CREATE TRIGGER lessons_session_guard BEFORE UPDATE ON lessons_session
    FOR EACH ROW EXECUTE FUNCTION lessons_session_guard();
