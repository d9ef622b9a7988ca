CREATE TRIGGER cases_bars_follow AFTER INSERT ON places_matterbar
    FOR EACH ROW EXECUTE FUNCTION cases_bars_follow();
