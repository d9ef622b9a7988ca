CREATE TRIGGER vault_binds BEFORE INSERT ON vault_grant
    FOR EACH ROW WHEN (NEW.holder LIKE 'mac:%') EXECUTE FUNCTION vault_binds('tip_id');
