CREATE TRIGGER escalations_excluded AFTER INSERT ON matters_exclusion
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION escalations_excluded();
