CREATE TRIGGER tips_link_binds BEFORE INSERT ON tips_adultlink
    FOR EACH ROW EXECUTE FUNCTION tips_link_binds();
