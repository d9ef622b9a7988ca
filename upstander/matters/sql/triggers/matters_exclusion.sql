CREATE TRIGGER matters_exclusion_binds BEFORE INSERT ON matters_exclusion
    FOR EACH ROW WHEN (NEW.bound_to IS NULL) EXECUTE FUNCTION matters_exclusion_binds();

CREATE TRIGGER matters_exclusions_join AFTER INSERT ON matters_exclusion
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION matters_exclusions_join();
