CREATE TRIGGER mandated_case_ends BEFORE UPDATE OF state, disposition ON cases_case
    FOR EACH ROW WHEN (NEW.state::text = ANY ('{review,closed}')
                       AND (NEW.state <> OLD.state OR NEW.disposition <> OLD.disposition))
    EXECUTE FUNCTION mandated_case_ends();

CREATE TRIGGER mandated_concern_becomes AFTER UPDATE OF concern ON cases_case
    FOR EACH ROW WHEN (NEW.concern <> OLD.concern) EXECUTE FUNCTION mandated_case_becomes('id');
