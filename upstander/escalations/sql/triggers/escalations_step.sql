CREATE TRIGGER escalations_task_rings BEFORE UPDATE ON escalations_step
    FOR EACH ROW EXECUTE FUNCTION escalations_task_rings();
