CREATE TRIGGER cases_ask_center_again AFTER UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (NEW.state = 'returned' AND OLD.state <> 'returned')
    EXECUTE FUNCTION cases_ask_center_again();

CREATE TRIGGER cases_drop_tasks AFTER UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (NEW.state = 'closed' AND OLD.state <> 'closed')
    EXECUTE FUNCTION cases_drop_tasks();

CREATE TRIGGER cases_opened_again AFTER UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (OLD.state = 'closed' AND NEW.state <> 'closed')
    EXECUTE FUNCTION cases_opened_again();

CREATE TRIGGER cases_tip_moves AFTER UPDATE OF matter_id ON tips_tip
    FOR EACH ROW WHEN (NEW.matter_id <> OLD.matter_id) EXECUTE FUNCTION cases_tip_moves();

CREATE TRIGGER cases_tip_told BEFORE UPDATE OF state ON tips_tip
    FOR EACH ROW WHEN (NEW.state <> OLD.state AND NEW.state <> 'closed'
                       AND NEW.disposition::text = ANY ('{"",case_open,case_done}'))
    EXECUTE FUNCTION cases_tip_told();

-- Not by a change of the ending alone either, once it is closed, nor together with its priority.
CREATE TRIGGER cases_two_close BEFORE UPDATE OF state, disposition ON tips_tip
    FOR EACH ROW WHEN ((OLD.priority = 'life_safety' OR NEW.priority = 'life_safety')
        AND NEW.state = 'closed' AND (OLD.state <> 'closed' OR OLD.disposition <> NEW.disposition))
    EXECUTE FUNCTION cases_two_close();

CREATE TRIGGER cases_two_lower BEFORE UPDATE OF priority ON tips_tip
    FOR EACH ROW WHEN (OLD.priority = 'life_safety' AND NEW.priority <> 'life_safety')
    EXECUTE FUNCTION cases_two_lower();
