CREATE TRIGGER decisions_ask_center_again AFTER UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (NEW.state = 'returned' AND OLD.state <> 'returned')
    EXECUTE FUNCTION decisions_ask_center_again();

CREATE TRIGGER decisions_drop_tasks AFTER UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (NEW.state = 'closed' AND OLD.state <> 'closed')
    EXECUTE FUNCTION decisions_drop_tasks();

CREATE TRIGGER decisions_opened_again AFTER UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (OLD.state = 'closed' AND NEW.state <> 'closed')
    EXECUTE FUNCTION decisions_opened_again();

-- Not by a change of the ending alone either, once it is closed, nor together with its priority.
CREATE TRIGGER decisions_two_close BEFORE UPDATE OF state, disposition ON tips_tip
    FOR EACH ROW WHEN ((OLD.priority = 'life_safety' OR NEW.priority = 'life_safety')
        AND NEW.state = 'closed' AND (OLD.state <> 'closed' OR OLD.disposition <> NEW.disposition))
    EXECUTE FUNCTION decisions_two_close();

CREATE TRIGGER decisions_two_lower BEFORE UPDATE OF priority ON tips_tip
    FOR EACH ROW WHEN (OLD.priority = 'life_safety' AND NEW.priority <> 'life_safety')
    EXECUTE FUNCTION decisions_two_lower();
