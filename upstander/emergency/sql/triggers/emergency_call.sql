CREATE TRIGGER emergency_call_flagged BEFORE INSERT ON emergency_call
    FOR EACH ROW EXECUTE FUNCTION emergency_call_flagged();

CREATE TRIGGER emergency_call_stays BEFORE UPDATE OF tip_id, district_id, sheet_number, person_id,
    line, police, danger_now, why_given, request_id, flagged, called_at, at ON emergency_call
    FOR EACH ROW EXECUTE FUNCTION emergency_call_stays();
