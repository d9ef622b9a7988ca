CREATE TRIGGER directory_location_hide BEFORE UPDATE ON directory_location
    FOR EACH ROW WHEN (OLD.confidential AND NOT NEW.confidential)
    EXECUTE FUNCTION directory_location_hide();

CREATE TRIGGER directory_entered AFTER UPDATE OF record, latitude, longitude, confidential
    ON directory_location FOR EACH ROW EXECUTE FUNCTION directory_entered();
