CREATE TRIGGER cases_claims_left AFTER DELETE ON places_membership
    FOR EACH ROW EXECUTE FUNCTION cases_claims_left();
