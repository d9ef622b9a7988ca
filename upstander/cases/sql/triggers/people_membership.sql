CREATE TRIGGER cases_claims_left AFTER DELETE ON people_membership
    FOR EACH ROW EXECUTE FUNCTION cases_claims_left();
