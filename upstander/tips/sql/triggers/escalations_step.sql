CREATE TRIGGER tips_asking_waits BEFORE INSERT ON escalations_step
    FOR EACH ROW WHEN (NEW.cause = 'by_hand') EXECUTE FUNCTION tips_asking_waits();
