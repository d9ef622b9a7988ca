CREATE TRIGGER emergency_correction_stays BEFORE INSERT OR UPDATE OF id, call_id, tip_id,
    district_id, person_id, at ON emergency_callcorrection
    FOR EACH ROW EXECUTE FUNCTION emergency_correction_stays();
