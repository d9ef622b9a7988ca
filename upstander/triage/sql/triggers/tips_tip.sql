CREATE TRIGGER triage_ground_stands BEFORE INSERT OR UPDATE OF shared_for ON tips_tip
    FOR EACH ROW WHEN (NEW.shared_for <> '') EXECUTE FUNCTION triage_ground_stands();
