CREATE TRIGGER tips_exclusion_takes AFTER INSERT ON matters_exclusion
    FOR EACH ROW EXECUTE FUNCTION tips_exclusion_takes();
