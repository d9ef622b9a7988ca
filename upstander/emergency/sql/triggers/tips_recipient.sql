CREATE TRIGGER emergency_no_tip_for_police BEFORE INSERT OR UPDATE OF holder ON tips_recipient
    FOR EACH ROW EXECUTE FUNCTION emergency_no_tip_for_police();
