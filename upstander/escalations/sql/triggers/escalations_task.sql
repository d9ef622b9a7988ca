CREATE TRIGGER escalations_poke AFTER INSERT OR UPDATE OF state ON escalations_task
    FOR EACH ROW EXECUTE FUNCTION escalations_task_poke();
