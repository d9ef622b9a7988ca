CREATE TRIGGER dispatch_binds BEFORE INSERT ON dispatch_briefkey
    FOR EACH ROW WHEN (NEW.holder LIKE 'mac:%') EXECUTE FUNCTION vault_binds('brief_id');
