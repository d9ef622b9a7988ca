CREATE TRIGGER tips_attachment_stays_shut BEFORE UPDATE OF state ON tips_attachment
    FOR EACH ROW EXECUTE FUNCTION tips_attachment_stays_shut();
