CREATE TRIGGER tips_handing_waits BEFORE INSERT ON vault_grant
    FOR EACH ROW WHEN (NEW.audience = 'case') EXECUTE FUNCTION tips_handing_waits('tip_id');

CREATE TRIGGER tips_talk_stays BEFORE INSERT ON vault_grant
    FOR EACH ROW WHEN (NEW.audience = 'case') EXECUTE FUNCTION tips_talk_stays('tip_id');
