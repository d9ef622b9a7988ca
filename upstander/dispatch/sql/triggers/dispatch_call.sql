CREATE TRIGGER dispatch_call_flagged BEFORE INSERT ON dispatch_call
    FOR EACH ROW EXECUTE FUNCTION dispatch_call_flagged();

CREATE TRIGGER dispatch_call_stays BEFORE UPDATE OF tip_id, district_id, sheet_number, person_id,
    line, police, danger_now, why_given, request_id, flagged, called_at, at ON dispatch_call
    FOR EACH ROW EXECUTE FUNCTION dispatch_call_stays();
