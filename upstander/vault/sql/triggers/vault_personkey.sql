CREATE TRIGGER vault_personkey_stays BEFORE UPDATE ON vault_personkey
    FOR EACH ROW EXECUTE FUNCTION vault_personkey_stays();
