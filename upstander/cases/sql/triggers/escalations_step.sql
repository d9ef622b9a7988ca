CREATE TRIGGER cases_open_access AFTER UPDATE ON escalations_step
    FOR EACH ROW WHEN ((NEW.target = 'district' OR NEW.target LIKE 'person:%')
                       AND (NEW.round > OLD.round OR (NEW.state = 'done' AND OLD.state = 'due')))
    EXECUTE FUNCTION cases_open_access();
