CREATE TRIGGER editions_edition_stands BEFORE UPDATE OR DELETE OR TRUNCATE
    ON editions_publishededition FOR EACH STATEMENT EXECUTE FUNCTION editions_edition_stands();
