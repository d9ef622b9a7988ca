CREATE TRIGGER mandated_end_proposed BEFORE INSERT ON cases_secondopinion
    FOR EACH ROW WHEN (NEW.kind = 'false') EXECUTE FUNCTION mandated_end_proposed();
