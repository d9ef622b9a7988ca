CREATE TRIGGER people_invitation_fits BEFORE INSERT OR UPDATE ON people_invitation
    FOR EACH ROW EXECUTE FUNCTION people_membership_fits();
