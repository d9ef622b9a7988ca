CREATE TRIGGER places_bar_binds BEFORE INSERT ON places_matterbar
    FOR EACH ROW WHEN (NEW.bound_to IS NULL) EXECUTE FUNCTION places_bar_binds();

CREATE TRIGGER places_bars_join AFTER INSERT ON places_matterbar
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION places_bars_join();
