CREATE TRIGGER places_invitation_fits BEFORE INSERT OR UPDATE ON places_invitation
    FOR EACH ROW EXECUTE FUNCTION places_membership_fits();
