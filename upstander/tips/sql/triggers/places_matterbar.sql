CREATE TRIGGER tips_bar_takes AFTER INSERT ON places_matterbar
    FOR EACH ROW EXECUTE FUNCTION tips_bar_takes();
