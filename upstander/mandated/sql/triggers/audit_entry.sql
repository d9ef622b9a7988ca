CREATE TRIGGER mandated_opened AFTER INSERT ON audit_entry FOR EACH ROW
    WHEN (NEW.action::text = ANY ('{"tip opened","case opened","case begun"}'))
    EXECUTE FUNCTION mandated_opened();
