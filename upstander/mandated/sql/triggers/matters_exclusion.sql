CREATE TRIGGER mandated_exclusion_changed AFTER INSERT OR DELETE ON matters_exclusion
    FOR EACH ROW EXECUTE FUNCTION mandated_exclusion_changed();

CREATE TRIGGER mandated_excluded AFTER INSERT ON matters_exclusion
    FOR EACH ROW EXECUTE FUNCTION mandated_excluded();

CREATE TRIGGER mandated_somebody_left AFTER INSERT ON matters_exclusion
    FOR EACH ROW EXECUTE FUNCTION mandated_somebody_left();
