CREATE TRIGGER tips_handing_waits BEFORE INSERT ON tips_recipient
    FOR EACH ROW EXECUTE FUNCTION tips_handing_waits('tip_id');
