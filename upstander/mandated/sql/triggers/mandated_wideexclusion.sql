CREATE TRIGGER mandated_wide_guard BEFORE UPDATE ON mandated_wideexclusion
    FOR EACH ROW EXECUTE FUNCTION mandated_wide_guard();

CREATE TRIGGER mandated_wide_stays BEFORE DELETE OR TRUNCATE ON mandated_wideexclusion
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
