CREATE TRIGGER emergency_binds BEFORE INSERT ON emergency_briefkey
    FOR EACH ROW WHEN (NEW.holder LIKE 'mac:%') EXECUTE FUNCTION vault_binds('brief_id');
