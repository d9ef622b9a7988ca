CREATE TRIGGER mandated_begun AFTER INSERT ON matters_matterhold
    FOR EACH ROW EXECUTE FUNCTION mandated_begun();
