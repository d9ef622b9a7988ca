CREATE TRIGGER places_membership_fits BEFORE INSERT OR UPDATE ON places_membership
    FOR EACH ROW EXECUTE FUNCTION places_membership_fits();

CREATE TRIGGER places_monitor_ends BEFORE INSERT OR UPDATE ON places_membership
    FOR EACH ROW EXECUTE FUNCTION places_monitor_ends();

CREATE TRIGGER places_officer_is_nothing_else BEFORE INSERT OR UPDATE OF team_id, person_id
    ON places_membership FOR EACH ROW EXECUTE FUNCTION places_officer_is_nothing_else();

CREATE TRIGGER places_newcomer_left AFTER DELETE ON places_membership
    FOR EACH ROW EXECUTE FUNCTION places_newcomer_left();
