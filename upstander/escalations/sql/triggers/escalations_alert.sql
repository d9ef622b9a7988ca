CREATE TRIGGER escalations_other_turn AFTER UPDATE OF priority, crowded ON escalations_alert
    FOR EACH ROW WHEN (NEW.priority <> OLD.priority OR NEW.crowded <> OLD.crowded)
    EXECUTE FUNCTION escalations_other_turn();
