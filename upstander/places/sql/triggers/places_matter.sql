CREATE TRIGGER places_matter_guard BEFORE INSERT OR UPDATE OF merged_into_id ON places_matter
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION places_matter_guard();
