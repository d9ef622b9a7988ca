CREATE TRIGGER people_membership_fits BEFORE INSERT OR UPDATE ON people_membership
    FOR EACH ROW EXECUTE FUNCTION people_membership_fits();

CREATE TRIGGER people_monitor_ends BEFORE INSERT OR UPDATE ON people_membership
    FOR EACH ROW EXECUTE FUNCTION people_monitor_ends();

CREATE TRIGGER people_officer_is_nothing_else BEFORE INSERT OR UPDATE OF team_id, person_id
    ON people_membership FOR EACH ROW EXECUTE FUNCTION people_officer_is_nothing_else();
