CREATE TRIGGER directory_term_moved AFTER UPDATE ON directory_taxonomyterm
    FOR EACH ROW WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id OR OLD.code <> NEW.code
        OR OLD.confidential <> NEW.confidential)
    EXECUTE FUNCTION directory_term_moved();

CREATE TRIGGER directory_term_gone AFTER DELETE ON directory_taxonomyterm
    FOR EACH ROW EXECUTE FUNCTION directory_term_moved();
