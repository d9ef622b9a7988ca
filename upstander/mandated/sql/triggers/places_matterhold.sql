CREATE TRIGGER mandated_begun AFTER INSERT ON places_matterhold
    FOR EACH ROW EXECUTE FUNCTION mandated_begun();
