CREATE TRIGGER places_edition_stands BEFORE UPDATE OR DELETE OR TRUNCATE
    ON places_publishededition FOR EACH STATEMENT EXECUTE FUNCTION places_edition_stands();
