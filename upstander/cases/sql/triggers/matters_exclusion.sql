CREATE TRIGGER cases_exclusions_follow AFTER INSERT ON matters_exclusion
    FOR EACH ROW EXECUTE FUNCTION cases_exclusions_follow();
