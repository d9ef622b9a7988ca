CREATE TRIGGER mandated_left AFTER DELETE ON people_membership
    FOR EACH ROW EXECUTE FUNCTION mandated_left();

CREATE TRIGGER mandated_leaving_held BEFORE DELETE ON people_membership
    FOR EACH ROW EXECUTE FUNCTION mandated_leaving_held();
