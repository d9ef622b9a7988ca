CREATE TRIGGER mandated_bar_changed AFTER INSERT OR DELETE ON places_matterbar
    FOR EACH ROW EXECUTE FUNCTION mandated_bar_changed();

CREATE TRIGGER mandated_barred AFTER INSERT ON places_matterbar
    FOR EACH ROW EXECUTE FUNCTION mandated_barred();

CREATE TRIGGER mandated_somebody_left AFTER INSERT ON places_matterbar
    FOR EACH ROW EXECUTE FUNCTION mandated_somebody_left();
