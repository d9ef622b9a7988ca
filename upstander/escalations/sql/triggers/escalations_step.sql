CREATE TRIGGER escalations_task_rings BEFORE UPDATE ON escalations_step
    FOR EACH ROW EXECUTE FUNCTION escalations_task_rings();

CREATE TRIGGER escalations_takes_turns BEFORE INSERT ON escalations_step
    FOR EACH ROW EXECUTE FUNCTION escalations_takes_turns();
