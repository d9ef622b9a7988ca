CREATE TRIGGER escalations_task_rings BEFORE UPDATE ON escalations_page
    FOR EACH ROW EXECUTE FUNCTION escalations_task_rings();

CREATE TRIGGER escalations_takes_turns BEFORE INSERT ON escalations_page
    FOR EACH ROW EXECUTE FUNCTION escalations_takes_turns();

CREATE TRIGGER escalations_stays_at_center BEFORE INSERT ON escalations_page
    FOR EACH ROW EXECUTE FUNCTION escalations_stays_at_center();
