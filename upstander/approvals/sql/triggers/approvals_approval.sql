CREATE TRIGGER approvals_decided BEFORE UPDATE ON approvals_approval
    FOR EACH ROW WHEN (NEW.outcome IS DISTINCT FROM OLD.outcome)
    EXECUTE FUNCTION approvals_decided();

CREATE TRIGGER approvals_begin BEFORE INSERT ON approvals_approval
    FOR EACH ROW WHEN (NEW.outcome = 'approved')
    EXECUTE FUNCTION approvals_decided();
