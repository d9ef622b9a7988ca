-- In the order of their names: first whether it is confidential, then whether it may be shown.
CREATE TRIGGER directory_service_hide BEFORE INSERT OR UPDATE ON directory_service
    FOR EACH ROW EXECUTE FUNCTION directory_service_hide();

CREATE TRIGGER directory_withhold BEFORE INSERT OR UPDATE ON directory_service
    FOR EACH ROW EXECUTE FUNCTION directory_withhold();

-- Who keeps it, and when it is due, is told nobody.
CREATE TRIGGER directory_entered AFTER INSERT OR UPDATE OF record, listed, confidential, read_mark,
    terms, kind, state, district_id, position, organization_id, confirmed, assured_on
    ON directory_service FOR EACH ROW EXECUTE FUNCTION directory_entered();
