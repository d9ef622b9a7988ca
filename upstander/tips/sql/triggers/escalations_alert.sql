CREATE TRIGGER tips_talk_stays BEFORE INSERT ON escalations_alert
    FOR EACH ROW WHEN (NEW.stage = 'school') EXECUTE FUNCTION tips_talk_stays('subject_id');
