CREATE TRIGGER approvals_decided BEFORE UPDATE ON approvals_approval
    FOR EACH ROW WHEN (NEW.outcome IS DISTINCT FROM OLD.outcome)
    EXECUTE FUNCTION approvals_decided();
