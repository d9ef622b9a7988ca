CREATE TRIGGER places_bars_join AFTER INSERT ON places_matterbar
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION places_bars_join();
