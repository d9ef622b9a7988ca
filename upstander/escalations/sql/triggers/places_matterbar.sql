CREATE TRIGGER escalations_barred AFTER INSERT ON places_matterbar
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION escalations_barred();
