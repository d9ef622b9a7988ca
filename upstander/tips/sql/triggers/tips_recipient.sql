CREATE TRIGGER tips_binds BEFORE INSERT ON tips_recipient
    FOR EACH ROW WHEN (NEW.holder LIKE 'mac:%') EXECUTE FUNCTION vault_binds('tip_id');

CREATE TRIGGER tips_handing_waits BEFORE INSERT ON tips_recipient
    FOR EACH ROW EXECUTE FUNCTION tips_handing_waits('tip_id');

-- A team reads no more of it than it had, either.
CREATE TRIGGER tips_words_wait BEFORE UPDATE OF with_words ON tips_recipient
    FOR EACH ROW WHEN (NEW.with_words AND NOT OLD.with_words)
    EXECUTE FUNCTION tips_handing_waits('tip_id');

CREATE TRIGGER tips_talk_stays BEFORE INSERT ON tips_recipient
    FOR EACH ROW EXECUTE FUNCTION tips_talk_stays('tip_id');
