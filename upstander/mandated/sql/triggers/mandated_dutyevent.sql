CREATE TRIGGER mandated_event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON mandated_dutyevent
    FOR EACH STATEMENT EXECUTE FUNCTION mandated_stays();
