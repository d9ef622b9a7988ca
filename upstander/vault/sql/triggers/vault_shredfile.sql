CREATE TRIGGER vault_shredfile_stays BEFORE UPDATE ON vault_shredfile
    FOR EACH ROW WHEN (NEW.closed_at IS NOT NULL)
    EXECUTE FUNCTION vault_shredfile_stays();
