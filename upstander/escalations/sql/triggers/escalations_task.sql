CREATE TRIGGER escalations_notify AFTER INSERT OR UPDATE OF state ON escalations_task
    FOR EACH ROW EXECUTE FUNCTION escalations_task_notify();

CREATE TRIGGER escalations_read_first BEFORE INSERT OR UPDATE
    ON escalations_task FOR EACH ROW
    WHEN (NEW.kind::text = ANY ('{decide_911,call_911}'))
    EXECUTE FUNCTION escalations_read_first();

CREATE TRIGGER escalations_task_moves BEFORE INSERT OR UPDATE ON escalations_task
    FOR EACH ROW EXECUTE FUNCTION escalations_task_moves();

CREATE TRIGGER escalations_stays_at_center BEFORE INSERT ON escalations_task
    FOR EACH ROW WHEN (NEW.kind = 'call_school' OR NEW.kind = 'call_contact')
    EXECUTE FUNCTION escalations_stays_at_center();
