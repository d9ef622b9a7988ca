CREATE TRIGGER cases_tip_moves AFTER UPDATE OF matter_id ON tips_tip
    FOR EACH ROW WHEN (NEW.matter_id <> OLD.matter_id) EXECUTE FUNCTION cases_tip_moves();

CREATE TRIGGER cases_tip_told BEFORE UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (NEW.state <> OLD.state)
    EXECUTE FUNCTION cases_tip_told();
