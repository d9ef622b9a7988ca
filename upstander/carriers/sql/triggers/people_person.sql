CREATE TRIGGER carriers_renamed AFTER UPDATE OF name ON people_person
    FOR EACH ROW WHEN (OLD.known_as IS DISTINCT FROM NEW.known_as)
    EXECUTE FUNCTION carriers_renamed();
