CREATE TRIGGER directory_place_hide BEFORE INSERT OR UPDATE ON directory_serviceatlocation
    FOR EACH ROW EXECUTE FUNCTION directory_place_hide();

CREATE TRIGGER directory_entered AFTER INSERT OR UPDATE OR DELETE ON directory_serviceatlocation
    FOR EACH ROW EXECUTE FUNCTION directory_entered();
