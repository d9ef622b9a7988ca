CREATE TRIGGER mandated_grant_waits BEFORE INSERT ON matters_foldergrant
    FOR EACH ROW EXECUTE FUNCTION mandated_grant_waits();

CREATE TRIGGER mandated_grant_changed AFTER INSERT OR UPDATE OR DELETE ON matters_foldergrant
    FOR EACH ROW EXECUTE FUNCTION mandated_grant_changed();
