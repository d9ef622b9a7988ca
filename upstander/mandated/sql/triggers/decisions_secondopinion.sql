CREATE TRIGGER mandated_end_proposed BEFORE INSERT ON decisions_secondopinion
    FOR EACH ROW WHEN (NEW.kind = 'false') EXECUTE FUNCTION mandated_end_proposed();
