-- Added to a case, a tip about abuse makes it one: whoever opened the case before is asked.
CREATE TRIGGER mandated_case_becomes AFTER INSERT OR UPDATE OF matter_id ON cases_casetip
    FOR EACH ROW EXECUTE FUNCTION mandated_case_becomes('case_id');
