CREATE TRIGGER matters_matter_guard BEFORE INSERT OR UPDATE OF merged_into_id ON matters_matter
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION matters_matter_guard();
